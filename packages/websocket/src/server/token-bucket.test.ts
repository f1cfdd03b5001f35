import { describe, expect, it } from "vitest";
import { TokenBucket, TokenBuckets } from "./token-bucket.ts";

describe("TokenBucket", () => {
  it("lets a burst through and then the rate", () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(0))).toEqual([true, true, true, false]);
    expect([bucket.take(499), bucket.take(500), bucket.take(501)]).toEqual([false, true, false]);
    expect(bucket.isFull(10_000)).toBe(true);
  });

  it("does not mind a clock that goes back", () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 1_000);
    expect(bucket.take(1_000)).toBe(true);
    expect(bucket.take(0)).toBe(false);
    expect(bucket.take(1_000)).toBe(true);
  });
});

describe("TokenBuckets", () => {
  it("forgets who has been quiet, so that a crowd of addresses does not fill the memory", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 });
    for (let index = 0; index < 10_000; index += 1) buckets.of(String(index), index * 10).take(index * 10);
    expect(buckets.size).toBeLessThan(1_100);
  });

  it("forgets the oldest where a crowd comes faster than its buckets fill", () => {
    const buckets = new TokenBuckets({ perSecond: 0.001, burst: 1 });
    for (let index = 0; index < 150_000; index += 1) buckets.of(String(index), index).take(index);
    expect(buckets.size).toBeLessThanOrEqual(100_000);
    expect(buckets.of("149999", 150_000).take(150_000)).toBe(false);
    expect(buckets.of("0", 150_000).take(150_000)).toBe(true);
  });
});
