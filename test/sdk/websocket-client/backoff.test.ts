import { makeBackoff } from "@ocpp/websocket";
import { array, assert, double, integer, nat, property, record } from "fast-check";
import { describe, expect, it } from "vitest";

const settings = record({
  waitMinimum: nat({ max: 600_000 }),
  randomRange: nat({ max: 600_000 }),
  repeatTimes: nat({ max: 12 }),
});
const chances = array(double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 20,
  maxLength: 20,
});

const waitsOf = (options: Parameters<typeof makeBackoff>[0], random: readonly number[]): number[] => {
  const left = [...random];
  const backoff = makeBackoff(options, () => left.shift() ?? 0);
  return Array.from({ length: 20 }, () => backoff.next());
};

describe("the back-off of OCPP-J 2.0.1 §5.3", () => {
  it("begins between the minimum and the minimum with the whole random range", () => {
    assert(
      property(settings, chances, (options, random) => {
        const [first = NaN] = waitsOf(options, random);
        expect(first).toBeGreaterThanOrEqual(options.waitMinimum);
        expect(first).toBeLessThanOrEqual(options.waitMinimum + options.randomRange);
      }),
    );
  });

  it("doubles the wait before and adds at most the random range, repeatTimes times", () => {
    assert(
      property(settings, chances, (options, random) => {
        const waits = waitsOf(options, random);
        for (let index = 1; index <= options.repeatTimes; index += 1) {
          const [before = NaN, now = NaN] = waits.slice(index - 1, index + 1);
          expect(now).toBeGreaterThanOrEqual(before * 2);
          expect(now).toBeLessThanOrEqual(before * 2 + options.randomRange);
        }
      }),
    );
  });

  it("stays with the last wait from then on", () => {
    assert(
      property(settings, chances, (options, random) => {
        const waits = waitsOf(options, random);
        expect(new Set(waits.slice(options.repeatTimes)).size).toBe(1);
      }),
    );
  });

  it("begins anew after a reset, wherever it was", () => {
    assert(
      property(settings, nat({ max: 20 }), (options, before) => {
        const backoff = makeBackoff(options, () => 0.5);
        const first = backoff.next();
        for (let index = 0; index < before; index += 1) backoff.next();
        backoff.reset();
        expect(backoff.next()).toBe(first);
      }),
    );
  });

  it("spreads stations that lost their server in the same moment", () => {
    assert(
      property(integer({ min: 1_000, max: 60_000 }), (randomRange) => {
        const waits = Array.from({ length: 200 }, () => makeBackoff({ randomRange }, Math.random).next());
        expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(randomRange / 2);
      }),
    );
  });
});
