import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createShutdown, type ShutdownStage } from "./shutdown.ts";

const stages: readonly ShutdownStage[] = ["entrances", "plugins", "services", "store", "operation"];
const never = (): Promise<never> => new Promise(() => {});

describe("a shutdown", () => {
  it("ends what there is stage by stage, those of a stage side by side", async () => {
    const clock = manualClock();
    const shutdown = createShutdown(clock);
    const order: string[] = [];
    for (const stage of stages.toReversed()) {
      for (const name of ["a", "b"]) {
        shutdown.add(stage, name, async () => {
          order.push(`${stage} ${name} begins`);
          await Promise.resolve();
          order.push(`${stage} ${name} ends`);
        });
      }
    }
    expect(await shutdown.run(8_000)).toEqual({ unfinished: [], failures: [] });
    expect(order).toEqual(
      stages.flatMap((stage) => [`${stage} a begins`, `${stage} b begins`, `${stage} a ends`, `${stage} b ends`]),
    );
    expect(clock.timers).toBe(0);
  });

  it("leaves what hangs to itself, tells its name, and goes on with the rest", async () => {
    const clock = manualClock();
    const shutdown = createShutdown(clock);
    const given: number[] = [];
    shutdown.add("entrances", "hangs", never);
    shutdown.add("entrances", "fails", () => Promise.reject(new Error("no")));
    shutdown.add("store", "database", (timeout) => {
      given.push(timeout);
      return Promise.resolve();
    });
    const result = shutdown.run(10_000);
    await clock.advance(6_100);
    expect(await result).toMatchObject({ unfinished: ["hangs"], failures: [{ message: "no" }] });
    expect(given).toEqual([3_600]);
  });

  it("gives a stage what those before it have left", async () => {
    const shutdown = createShutdown(manualClock());
    const given: number[] = [];
    shutdown.add("store", "database", (timeout) => Promise.resolve(given.push(timeout)));
    await shutdown.run(10_000);
    expect(given).toEqual([9_700]);
  });

  it("lets the database have a moment where there is no time at all", async () => {
    const shutdown = createShutdown(manualClock());
    const given: number[] = [];
    for (const stage of stages) shutdown.add(stage, stage, (timeout) => Promise.resolve(given.push(timeout)));
    await shutdown.run(0);
    expect(given).toEqual([0, 0, 0, 250, 0]);
  });

  it("is over within its time, whatever hangs for however long", async () => {
    const part = fc.record({ stage: fc.constantFrom(...stages), takes: fc.integer({ min: 0, max: 20_000 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 12 }),
        fc.integer({ min: 1_000, max: 30_000 }),
        async (parts, timeout) => {
          const clock = manualClock();
          const shutdown = createShutdown(clock);
          for (const [index, { stage, takes }] of parts.entries()) {
            shutdown.add(
              stage,
              String(index),
              () => new Promise<void>((resolve) => void clock.setTimer(resolve, takes)),
            );
          }
          let over = false;
          const ran = shutdown.run(timeout).then((result) => {
            over = true;
            return result;
          });
          await clock.advance(timeout * 1.02 + 250);
          expect(over).toBe(true);
          const { unfinished } = await ran;
          for (const [index, { takes }] of parts.entries()) {
            if (takes > timeout) expect(unfinished).toContain(String(index));
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
