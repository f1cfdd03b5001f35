import { describe, expect, it } from "vitest";
import { manualClock } from "./manual-clock.ts";

describe("manualClock", () => {
  it("runs timers in the order of their times, those of one time in the order of their setting", async () => {
    const clock = manualClock({ start: 0 });
    const order: string[] = [];
    const note = (name: string, at: number): unknown => clock.setTimer(() => order.push(`${name}@${clock.now()}`), at);
    note("b", 20);
    note("a", 10);
    note("c", 20);
    clock.clearTimer(note("never", 15));
    await clock.advance(15);
    expect(order).toEqual(["a@10"]);
    expect(clock.now()).toBe(15);
    await clock.advance(5);
    expect(order).toEqual(["a@10", "b@20", "c@20"]);
    expect(clock.timers).toBe(0);
  });

  it("runs a day of heartbeats, each set by the one before", async () => {
    const clock = manualClock();
    let beats = 0;
    const beat = (): void => {
      beats += 1;
      clock.setTimer(beat, 300_000);
    };
    clock.setTimer(beat, 300_000);
    await clock.advance(24 * 3_600_000);
    expect(beats).toBe(288);
  });

  it("repeats its random numbers for a seed", () => {
    const draw = (seed: number): number[] => {
      const clock = manualClock({ seed });
      return Array.from({ length: 100 }, () => clock.random());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    for (const number of draw(7)) expect(number >= 0 && number < 1).toBe(true);
  });
});
