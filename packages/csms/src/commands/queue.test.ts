import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CommandLane, createCommandQueue, type QueuedCommand } from "./queue.ts";

const stationIds = ["A", "B", "C"];

describe("the queue", () => {
  it("ends each command once, one at a time for a station and in order, whatever connects and goes", async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant("add" as const),
        at: fc.constantFrom(...stationIds),
        waits: fc.boolean(),
        lane: fc.boolean(),
      }),
      fc.record({
        do: fc.constantFrom(
          "connect" as const,
          "disconnect" as const,
          "answer" as const,
          "spend" as const,
          "cancel" as const,
        ),
        at: fc.constantFrom(...stationIds),
      }),
      fc.record({ do: fc.constant("wait" as const), at: fc.constant(""), time: fc.nat({ max: 60 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = manualClock();
        const connections = new Map<string, object>();
        const queue = createCommandQueue(clock, (id) => connections.get(id));
        const lane: CommandLane = { limit: 2, running: 0, blocked: new Set() };
        const sending = new Map<string, (left: boolean) => void>();
        const ended: string[] = [];
        const sent: { id: string; number: number }[] = [];
        const all: QueuedCommand[] = [];
        for (const one of steps) {
          const { at } = one;
          switch (one.do) {
            case "add": {
              const number = all.length;
              const command: QueuedCommand = {
                stationId: at,
                deadlineAt: clock.now() + 100,
                waits: one.waits,
                background: false,
                lane: one.lane ? lane : undefined,
                send: () =>
                  new Promise((resolve) => {
                    expect(sending.has(at)).toBe(false);
                    sending.set(at, (left) => {
                      sending.delete(at);
                      if (left) {
                        ended.push(`${number} sent`);
                        sent.push({ id: at, number });
                      }
                      resolve(left);
                    });
                  }),
                drop: (reason) => ended.push(`${number} ${reason}`),
              };
              all.push(command);
              queue.add(command);
              break;
            }
            case "connect":
              connections.set(at, {});
              queue.advance(at);
              break;
            case "disconnect":
              connections.delete(at);
              sending.get(at)?.(true);
              break;
            case "answer":
              sending.get(at)?.(true);
              break;
            case "spend":
              sending.get(at)?.(false);
              break;
            case "cancel": {
              const command = all.find(({ stationId }) => stationId === at);
              if (command !== undefined) queue.cancel(command);
              break;
            }
            case "wait":
              await clock.advance(one.time);
          }
          await clock.settle();
          expect(lane.running).toBeLessThanOrEqual(lane.limit);
        }
        // Everything comes to its end: by its deadline at the latest, or by the answer.
        for (const finish of Array.from(sending.values())) finish(true);
        await clock.advance(200);
        for (let round = 0; sending.size > 0 && round < 100; round += 1) {
          for (const finish of Array.from(sending.values())) finish(true);
          await clock.advance(1);
        }
        await clock.advance(200);
        expect(ended.length).toBe(all.length);
        expect(new Set(ended.map((end) => end.split(" ")[0])).size).toBe(all.length);
        for (const id of stationIds) {
          const numbers = sent.filter((one) => one.id === id).map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
        expect(clock.timers).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("does not send again on a connection that took nothing any more", async () => {
    const clock = manualClock();
    const connections = new Map<string, object>([["A", {}]]);
    const queue = createCommandQueue(clock, (id) => connections.get(id));
    let attempts = 0;
    queue.add({
      stationId: "A",
      deadlineAt: clock.now() + 1_000,
      waits: true,
      background: false,
      lane: undefined,
      send: async () => {
        attempts += 1;
        return attempts > 1;
      },
      drop: () => {},
    });
    await clock.settle();
    queue.advance("A");
    await clock.settle();
    expect(attempts).toBe(1);
    connections.set("A", {});
    queue.advance("A");
    await clock.settle();
    expect(attempts).toBe(2);
  });
});
