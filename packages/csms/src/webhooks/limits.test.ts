import * as fc from "fast-check";
import { expect, it } from "vitest";
import { cutToLevel } from "./limits.ts";

it("cuts the largest to one level, and as much as is needed", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 20 }), fc.nat(20_000), (counts, most) => {
      const cuts = cutToLevel(counts, most);
      const left = counts.map((count, index) => count - (cuts[index] ?? 0));
      const sum = left.reduce((total, count) => total + count, 0);
      expect(sum).toBeLessThanOrEqual(most);
      const level = Math.max(0, ...left);
      for (const [index, cut] of cuts.entries()) if (cut > 0) expect(left[index]).toBe(level);
      // No more than needed: one more of each would be too many.
      if (cuts.some((cut) => cut > 0)) expect(sum + counts.length).toBeGreaterThan(most);
    }),
  );
  expect(cutToLevel([10, 200, 3], 100)).toEqual([0, 113, 0]);
  expect(cutToLevel([], 5)).toEqual([]);
});
