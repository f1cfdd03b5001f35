import { connectPeer, csms, manualClock, memoryNetwork, memoryPair, station } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bareEnd } from "./bare-end.ts";
import { after, perform } from "./chores.ts";
import { type Chore, gossip } from "./gossip-protocol.ts";
import { runs } from "./runs.ts";
import { tallied } from "./tallied-clock.ts";
import { makeWorld } from "./world.ts";

const chore = (token: string, work = 0, way: Chore["way"] = "answer"): Chore => ({ token, work, way });

describe("close()", () => {
  it("waits for the calls in flight of both directions, as long as its timeout and no longer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("station" as const, "csms" as const), fc.integer({ min: 1, max: 300 })), {
          maxLength: 8,
        }),
        fc.integer({ min: 0, max: 800 }),
        fc.constantFrom("station" as const, "csms" as const),
        async (calls, timeout, closer) => {
          const world = makeWorld([]);
          world.connect();
          const [connection] = world.connections;
          if (connection === undefined) return;
          const start = world.clock.now();
          const due = { station: 0, csms: 0 };
          const made = calls.map(([side, work]) => {
            due[side] += work;
            return { side, at: due[side], call: world.call(side, { work, way: "answer" }) };
          });
          const own = due[closer];
          const others = made.filter(({ side }) => side !== closer).map(({ at }) => at);
          // Where both directions become free in the same millisecond, the next call of the other side may be in time or not.
          fc.pre(!others.slice(0, -1).includes(own) || own === 0);
          const free = own === 0 ? (others[0] ?? 0) : (others.find((at) => at >= own) ?? own);
          await world.clock.settle();
          let closedAt: number | undefined;
          connection[closer].closed.then(
            () => {
              closedAt = world.clock.now() - start;
            },
            () => {},
          );
          connection[closer].close({ timeout }).catch(() => {});
          expect(connection[closer].state).toBe("closing");
          const refused = world.call(closer, { work: 0, way: "answer" });
          await world.clock.settle();
          expect(refused.ends[0]?.end).toBe("not-connected");
          await world.clock.advance(10_000);

          // Calls that the other side makes while this one is closing are served, until a moment when nothing is in flight.
          const expected = Math.min(free, timeout);
          expect(closedAt).toBe(expected);
          for (const { at, call } of made) {
            if (at < expected) expect(call.ends[0]?.end).toBe("answered");
            if (at > expected) expect(call.ends[0]?.end).toBe("closed");
            expect(call.ends).toHaveLength(1);
            expect(call.signal.listeners).toBe(0);
          }
          expect(world.peers.waiting).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });

  it("ends once, with the first code, however often it is called", async () => {
    const clock = manualClock();
    const [near, far] = memoryPair("gossip", { clock });
    const peer = connectPeer(near, station(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} }), { clock });
    const other = bareEnd(far);
    const first = peer.close({ code: 4000, reason: "first" });
    const second = peer.close({ code: 4001, reason: "second" });
    await expect(first).resolves.toEqual({ code: 4000, reason: "first" });
    await expect(second).resolves.toEqual({ code: 4000, reason: "first" });
    await expect(peer.close()).resolves.toEqual({ code: 4000, reason: "first" });
    expect(other.closed).toBe(4000);
    expect(clock.timers).toBe(0);
  });

  it("is cut short by a second one that does not wait", async () => {
    const clock = manualClock();
    const [near, far] = memoryPair("gossip", { clock });
    const peer = connectPeer(near, station(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} }), { clock });
    bareEnd(far);
    const call = peer.call("Gossip", chore("t"));
    const first = peer.close();
    await clock.settle();
    expect(peer.state).toBe("closing");
    const second = peer.close({ timeout: 0, code: 4001 });
    await expect(call).rejects.toMatchObject({ code: "closed" });
    await expect(first).resolves.toEqual({ code: 4001, reason: "" });
    await expect(second).resolves.toEqual({ code: 4001, reason: "" });
    expect(clock.timers).toBe(0);
  });

  it("does not wait for a handler that was given up at its deadline", async () => {
    const clock = manualClock();
    const [near, far] = memoryPair("gossip", { clock });
    const peer = connectPeer(
      near,
      station(gossip, { Gossip: (request) => perform(request, clock), Rumour: () => {} }),
      { clock, handlerTimeout: 100 },
    );
    const other = bareEnd(far);
    other.send(2, "hung", "Gossip", chore("hung", 0, "never"));
    await clock.advance(200);
    expect(other.received).toMatchObject([[4, "hung", "InternalError", expect.any(String), {}]]);
    const closing = peer.close({ timeout: 60_000 });
    await clock.settle();
    expect(peer.state).toBe("closed");
    await closing;
    expect(clock.timers).toBe(0);
  });
});

describe("an answer", () => {
  it("never leaves on a later connection, and one that was held back settles nothing there", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 60 }),
        fc.boolean(),
        async (work, cutAt, hold) => {
          fc.pre(work !== cutAt);
          const clock = manualClock();
          const peers = tallied(clock);
          const network = memoryNetwork({
            clock,
            fault: ({ text }) => (hold && text.startsWith("[3") && text.includes("first") ? "hold" : "deliver"),
          });
          const handler = station(gossip, {
            Gossip: async (request) => {
              await after(clock, request.work);
              return { token: request.token };
            },
            Rumour: () => {},
          });
          const caller = csms(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} });
          const [near, far] = network.connect("gossip");
          const first = connectPeer(far, caller, { clock: peers });
          connectPeer(near, handler, { clock: peers });
          const lost = first.call("Gossip", chore("first", work));
          const outcome = lost.then(
            ({ token }) => token,
            (error: unknown) => (error as { code?: string }).code,
          );
          await clock.advance(cutAt);
          first.close({ timeout: 0 }).catch(() => {});
          await clock.settle();
          expect(await outcome).toBe(!hold && work < cutAt ? "first" : "closed");

          const [nearAgain, farAgain] = network.connect("gossip");
          const strays: string[] = [];
          const second = connectPeer(farAgain, caller, {
            clock: peers,
            report: (report) => strays.push(report.type),
          });
          const frames: string[] = [];
          connectPeer(nearAgain, handler, { clock: peers, frames: (way, text) => frames.push(`${way} ${text}`) });
          const call = second.call("Gossip", chore("second", 5));
          await clock.advance(200);
          await expect(call).resolves.toEqual({ token: "second" });
          expect(frames.filter((frame) => frame.includes("first"))).toEqual([]);
          // The held answer arrives on the connection that it was not meant for, and is recognised as nobody's.
          expect(strays).toEqual(hold && work < cutAt ? ["unexpected-answer"] : []);
          expect(peers.waiting).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });
});

describe("two sides that call back in their handlers", () => {
  const pair = (depth: number, options: { callTimeout?: number; handlerTimeout?: number } = {}) => {
    const clock = manualClock();
    const peers = tallied(clock);
    const [near, far] = memoryPair("gossip", { clock });
    const handlers = (delay: number) => ({
      Gossip: async (
        request: Chore,
        { peer }: { peer: { callByName(action: string, request: unknown): Promise<unknown> } },
      ) => {
        await after(clock, delay);
        if (request.work < depth) await peer.callByName("Gossip", chore(`${request.token}.`, request.work + 1));
        return { token: request.token };
      },
      Rumour: () => {},
    });
    const here = connectPeer(near, station(gossip, handlers(1)), { clock: peers, ...options });
    const there = connectPeer(far, csms(gossip, handlers(2)), { clock: peers, ...options });
    return { clock, peers, here, there };
  };

  it("answer each other while both keep calling", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), async (count) => {
        const { clock, peers, here } = pair(1);
        const calls = Array.from({ length: count }, (_, index) => here.call("Gossip", chore(`t${index}`)));
        await clock.advance(1_000);
        const tokens = (await Promise.all(calls)).map(({ token }) => token);
        expect(tokens).toEqual(calls.map((_, index) => `t${index}`));
        expect(peers.waiting).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it("get out of an embrace that one outstanding call each makes inevitable, by their timeouts, and go on", async () => {
    // Both calls are outstanding, and each handler waits for a call that may only leave when they are answered
    // (OCPP-J 2.0.1 §4.1.1): nothing but time can end this.
    const { clock, peers, here, there } = pair(1, { callTimeout: 500, handlerTimeout: 300 });
    const outcome = (call: Promise<{ token: string }>): Promise<string> =>
      call.then(
        ({ token }) => token,
        (error: unknown) => String((error as { code?: string }).code),
      );
    const both = [outcome(here.call("Gossip", chore("a"))), outcome(there.call("Gossip", chore("b")))];
    await clock.advance(300 + 10);
    expect(await Promise.all(both)).toEqual(["InternalError", "InternalError"]);
    await clock.advance(2_000);
    const again = [outcome(here.call("Gossip", chore("c", 1))), outcome(there.call("Gossip", chore("d", 1)))];
    await clock.advance(100);
    expect(await Promise.all(again)).toEqual(["c", "d"]);
    expect(peers.waiting).toBe(0);
    expect(clock.timers).toBe(0);
  });
});
