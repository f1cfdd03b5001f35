import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countMissing, countNumbers, hasNumber, type SequenceNumbers, withNumber } from "./sequence-numbers.ts";

describe("sequence numbers", () => {
  it("are what a set of them would be, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), (list) => {
        const set = new Set(list);
        const numbers = list.reduce<SequenceNumbers>(withNumber, []);
        expect(countNumbers(numbers)).toBe(set.size);
        for (let number = 0; number <= 41; number += 1) expect(hasNumber(numbers, number)).toBe(set.has(number));
        const span = set.size === 0 ? 0 : Math.max(...set) - Math.min(...set) + 1;
        expect(countMissing(numbers)).toBe(span - set.size);
        // Ranges never touch, so those without gaps take no room.
        for (const [index, [from, to]] of numbers.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          const next = numbers[index + 1];
          if (next !== undefined) expect(next[0]).toBeGreaterThan(to + 1);
        }
      }),
    );
  });

  it("take one range while none is missing", () => {
    let numbers: SequenceNumbers = [];
    for (let number = 3; number < 1000; number += 1) numbers = withNumber(numbers, number);
    expect(numbers).toEqual([[3, 999]]);
  });
});
