import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createBoundedMap } from "./bounded-map.ts";

it("holds the entries that were set last, as a list of them would", () => {
  const step = fc.record({ kind: fc.constantFrom("set", "delete"), key: fc.nat(6), value: fc.nat(9) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), (limit, steps) => {
      const map = createBoundedMap<number, number>(limit);
      let list: (readonly [number, number])[] = [];
      for (const { kind, key, value } of steps) {
        const others = list.filter(([one]) => one !== key);
        if (kind === "set") {
          map.set(key, value);
          list = [...others, [key, value] as const].slice(-limit);
        } else {
          expect(map.delete(key)).toBe(others.length < list.length);
          list = others;
        }
        expect(map.size).toBe(list.length);
        for (let one = 0; one <= 6; one += 1) {
          const expected = list.find(([of]) => of === one);
          expect([map.has(one), map.get(one)]).toEqual([expected !== undefined, expected?.[1]]);
        }
      }
    }),
  );
});
