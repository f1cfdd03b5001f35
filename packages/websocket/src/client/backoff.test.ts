import { describe, expect, it } from "vitest";
import { type Backoff, makeBackoff } from "./backoff.ts";

const waits = (count: number, backoff: Backoff): number[] => Array.from({ length: count }, () => backoff.next());

describe("makeBackoff", () => {
  it("doubles the minimum repeatTimes times and then stays (OCPP-J 2.0.1 §5.3)", () => {
    const backoff = makeBackoff({ waitMinimum: 1_000, randomRange: 0, repeatTimes: 3 }, () => 0.5);
    expect(waits(6, backoff)).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it("doubles the whole wait before, and adds a new random part to each", () => {
    const random = [0.5, 0.25, 0.75];
    const backoff = makeBackoff({ waitMinimum: 1_000, randomRange: 400, repeatTimes: 2 }, () => random.shift() ?? NaN);
    expect(waits(4, backoff)).toEqual([1_200, 2_500, 5_300, 5_300]);
  });

  it("does not double with repeatTimes 0", () => {
    const backoff = makeBackoff({ waitMinimum: 500, randomRange: 0, repeatTimes: 0 }, () => 0);
    expect(waits(3, backoff)).toEqual([500, 500, 500]);
  });

  it("starts anew after a reset", () => {
    const backoff = makeBackoff({ waitMinimum: 500, randomRange: 0 }, () => 0);
    expect(waits(3, backoff)).toEqual([500, 1_000, 2_000]);
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  it("refuses times that are no times", () => {
    expect(() => makeBackoff({ waitMinimum: -1 }, Math.random)).toThrow(RangeError);
    expect(() => makeBackoff({ randomRange: NaN }, Math.random)).toThrow(RangeError);
    expect(() => makeBackoff({ repeatTimes: Infinity }, Math.random)).toThrow(RangeError);
  });
});
