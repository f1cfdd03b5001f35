import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIdSource, idAt } from "./id-source.ts";

const start = Date.UTC(2026, 0, 1);

describe("an id source", () => {
  it("makes ids of the time, the node and a count", () => {
    const clock = manualClock({ start });
    const next = createIdSource(clock, 3, 0);
    const first = idAt(start) + 3 * 64;
    expect([next(), next()]).toEqual([first, first + 1]);
  });

  it("takes from the milliseconds to come when a millisecond is used up", async () => {
    const clock = manualClock({ start });
    const next = createIdSource(clock, 0, 0);
    const ids = Array.from({ length: 65 }, next);
    expect(ids.at(-1)).toBe(idAt(start + 1));
    await clock.advance(1);
    expect(next()).toBe(idAt(start + 1) + 1);
  });

  it("makes rising safe integers from any clock, above what was there, and none that another node makes", () => {
    const jumps = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        jumps,
        fc.integer({ min: 0, max: 63 }),
        fc.integer({ min: 0, max: idAt(start) * 2 }),
        (moves, node, highest) => {
          let time = start;
          const clock = { ...manualClock(), now: () => time };
          const next = createIdSource(clock, node, highest);
          let last = highest;
          for (const move of moves) {
            time += move;
            const id = next();
            expect(id).toBeGreaterThan(last);
            expect(Number.isSafeInteger(id)).toBe(true);
            expect(Math.floor(id / 64) % 64).toBe(node);
            last = id;
          }
        },
      ),
    );
  });

  it("refuses a node that does not fit", () => {
    for (const node of [-1, 64, 0.5, Number.NaN])
      expect(() => createIdSource(manualClock(), node, 0)).toThrow(RangeError);
  });

  it("puts a time between the ids before and after it", async () => {
    const clock = manualClock({ start });
    const next = createIdSource(clock, 63, 0);
    const before = Array.from({ length: 64 }, next).at(-1);
    await clock.advance(1);
    expect(before).toBeLessThan(idAt(start + 1));
    expect(next()).toBeGreaterThanOrEqual(idAt(start + 1));
  });
});
