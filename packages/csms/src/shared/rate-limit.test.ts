import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressKey, createRateLimit } from "./rate-limit.ts";

describe("a rate limit", () => {
  it("lets a burst through, and then as many as the rate says", async () => {
    const clock = manualClock();
    const limit = createRateLimit({ perMinute: 6, burst: 3 }, clock);
    expect([1, 2, 3, 4].map(() => limit.take("a"))).toEqual([true, true, true, false]);
    expect(limit.take("b")).toBe(true);
    expect(limit.wait("a")).toBe(10_000);
    expect(limit.wait("b")).toBe(0);
    await clock.advance(10_000);
    expect(limit.wait("a")).toBe(0);
    expect([limit.take("a"), limit.take("a")]).toEqual([true, false]);
  });

  it("gives back what did not count, and forgets", () => {
    const limit = createRateLimit({ perMinute: 1 }, manualClock());
    expect([limit.take("a"), limit.take("a")]).toEqual([true, false]);
    limit.giveBack("a");
    expect([limit.take("a"), limit.take("a")]).toEqual([true, false]);
    limit.forget("a");
    expect(limit.take("a")).toBe(true);
    limit.giveBack("nobody");
    expect([limit.take("nobody"), limit.take("nobody")]).toEqual([true, false]);
  });

  it("never lets more through than burst and rate together, however it is asked", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 100 }),
        async (perMinute, burst, pauses) => {
          const clock = manualClock();
          const limit = createRateLimit({ perMinute, burst }, clock);
          const start = clock.now();
          let taken = 0;
          for (const pause of pauses) {
            await clock.advance(pause);
            if (limit.take("key")) taken += 1;
            expect(taken).toBeLessThanOrEqual(burst + ((clock.now() - start) * perMinute) / 60_000 + 1e-6);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("remembers so many keys, and forgets the one that was asked about longest ago", () => {
    const limit = createRateLimit({ perMinute: 1, mostKeys: 2 }, manualClock());
    for (const key of ["a", "b"]) limit.take(key);
    expect(limit.take("a")).toBe(false);
    limit.take("c");
    expect([limit.take("b"), limit.take("c")]).toEqual([true, false]);
  });

  it("refuses a rate that lets nothing through", () => {
    expect(() => createRateLimit({ perMinute: 0 }, manualClock())).toThrow(RangeError);
    expect(() => createRateLimit({ perMinute: 1, burst: 0 }, manualClock())).toThrow(RangeError);
  });
});

describe("the key of an address", () => {
  it("is itself for IPv4, and the network of 64 bits for IPv6", () => {
    expect(addressKey("10.0.0.1")).toBe("10.0.0.1");
    expect(addressKey("")).toBe("");
    expect(addressKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(addressKey("2001:0db8:1:2::1")).toBe("2001:db8:1:2::/64");
    expect(addressKey("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(addressKey("::1")).toBe("0:0:0:0::/64");
    expect(addressKey("::")).toBe("0:0:0:0::/64");
    expect(addressKey("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(addressKey("1::2:3:4:5:6:7")).toBe("1:0:2:3::/64");
    expect(addressKey("64:ff9b::192.0.2.1")).toBe("64:ff9b:0:0::/64");
  });
});
