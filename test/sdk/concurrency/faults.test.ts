import type { Fault, Side } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chore } from "./gossip-protocol.ts";
import { runs } from "./runs.ts";
import { makeWorld, type World, type WorldCall } from "./world.ts";

type Step =
  | {
      readonly do: "call";
      readonly side: Side;
      readonly chore: Omit<Chore, "token">;
      readonly timeout: number;
      readonly abort: "no" | "before" | number;
    }
  | { readonly do: "rumour" | "cut" | "close"; readonly side: Side }
  | { readonly do: "replace" | "reconnect" | "settle" }
  | { readonly do: "wait"; readonly by: number };

const side = fc.constantFrom<Side>("station", "csms");

const call: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("call" as const),
  side,
  chore: fc.record({
    work: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000 })),
    way: fc.oneof(
      { weight: 6, arbitrary: fc.constant("answer" as const) },
      { weight: 1, arbitrary: fc.constantFrom("refuse", "throw", "never", "invalid") },
    ),
  }),
  timeout: fc.integer({ min: 1, max: 4_000 }),
  abort: fc.oneof(
    { weight: 4, arbitrary: fc.constant("no" as const) },
    { weight: 1, arbitrary: fc.constant("before" as const) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
  ),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: call },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("rumour" as const, "cut" as const, "close" as const), side }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("replace" as const, "reconnect" as const, "settle" as const) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), by: fc.integer({ min: 0, max: 2_500 }) }) },
);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>("deliver") },
  { weight: 1, arbitrary: fc.constantFrom<Fault>("drop", "cut", "hold") },
  { weight: 2, arbitrary: fc.constant<Fault>("duplicate") },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3_000 }).map((delay): Fault => ({ delay })) },
);

/** Plays the steps, heals the network, waits until everything is over, and closes. */
async function play(steps: readonly Step[], faults: readonly Fault[]): Promise<World> {
  const world = makeWorld(faults);
  world.connect();
  for (const step of steps) await take(world, step);
  world.heal();
  await world.clock.advance(60_000 + 5_000 * world.calls.length);
  for (const connection of world.connections) {
    connection.station.close({ timeout: 0 }).catch(() => {});
    connection.csms.close({ timeout: 0 }).catch(() => {});
  }
  await world.clock.settle();
  return world;
}

async function take(world: World, step: Step): Promise<void> {
  const connection = world.connections.at(-1);
  if (connection === undefined) return;
  switch (step.do) {
    case "call": {
      const made = world.call(step.side, step.chore, { timeout: step.timeout });
      if (step.abort === "before") made.signal.abort();
      else if (step.abort !== "no") world.clock.setTimer(made.signal.abort, step.abort);
      return;
    }
    case "rumour":
      world.rumour(step.side);
      return;
    case "cut":
      await connection[step.side].close({ timeout: 0, code: 1006 });
      return;
    case "close":
      // It waits for calls in flight, which time has yet to bring on; the steps that follow do.
      connection[step.side].close({ timeout: 1_500 }).catch(() => {});
      return;
    case "replace":
      // The newest connection of a station wins: it opens while the old one is there, and ends it.
      world.connect();
      await connection.csms.close({ timeout: 0, code: 4001 });
      return;
    case "reconnect":
      if (connection.station.state !== "open" || connection.csms.state !== "open") world.connect();
      return;
    case "settle":
      await world.clock.settle();
      return;
    case "wait":
      await world.clock.advance(step.by);
  }
}

function givenUpAt(world: World): (id: string) => number {
  const times = new Map<string, number>();
  for (const call of world.calls) {
    for (const { end, at } of call.ends)
      if (end === "timeout" || end === "aborted" || end === "closed") for (const id of call.ids) times.set(id, at);
  }
  return (id) => times.get(id) ?? Number.POSITIVE_INFINITY;
}

/** The answers to a call that came in on its connection, before the call was over. */
function answersOf(call: WorldCall): number[] {
  const at = call.ends[0]?.at ?? Number.POSITIVE_INFINITY;
  return call.log.frames
    .filter((frame) => frame.direction === "inbound" && call.ids.includes(frame.id) && frame.at < at)
    .map(({ type }) => type)
    .filter((type) => type === 3 || type === 4);
}

describe("two sides over a network that delays, loses, doubles, holds back and cuts", () => {
  it("settle every call once, with its own answer or an error, and leave nothing behind", async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.array(fault, { minLength: 1, maxLength: 40 }),
        async (steps, faults) => {
          const world = await play(steps, faults);
          for (const call of world.calls) {
            expect(call.ends).toHaveLength(1);
            expect(call.ids.length).toBeLessThanOrEqual(1);
            const end = call.ends[0]?.end ?? "unknown-error";
            seen.set(end, (seen.get(end) ?? 0) + 1);
            expect(["wrong-token", "unknown-error", "violation", "overloaded"]).not.toContain(end);
            if (end === "answered") expect(call.chore.way).toBe("answer");
            if (end === "timeout" || end === "aborted" || end === "closed") expect(answersOf(call)).toEqual([]);
            expect(String(call.ends[0]?.error)).not.toContain("Secret");
            expect(call.signal.listeners).toBe(0);
            expect(call.signal.added).toBeLessThanOrEqual(1);
          }
          for (const { logs } of world.connections) {
            for (const log of [logs.station, logs.csms]) {
              expect(log.strayAnswers).toEqual([]);
              expect(log.overlaps(givenUpAt(world))).toEqual([]);
            }
          }
          for (const trace of world.handlers) if (!trace.finished) expect(trace.signal.aborted).toBe(true);
          expect(world.peers.waiting).toBe(0);
        },
      ),
      { numRuns: runs },
    );
    // The property is worth nothing where its world is too kind: every end must have come up.
    for (const end of ["answered", "refused", "timeout", "aborted", "closed", "not-connected"])
      expect(seen.get(end) ?? 0, end).toBeGreaterThan(0);
  });

  it("send the calls of one side in the order in which they were made", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.array(fault, { minLength: 1, maxLength: 40 }),
        async (steps, faults) => {
          const world = await play(steps, faults);
          for (const { logs } of world.connections) {
            for (const log of [logs.station, logs.csms]) {
              const made = world.calls.filter((call) => call.log === log).flatMap(({ ids }) => ids);
              expect(log.sent).toEqual(made);
            }
          }
        },
      ),
      { numRuns: runs },
    );
  });
});
