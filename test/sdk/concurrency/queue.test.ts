import { ConnectionError, connectPeer, csms, manualClock, memoryPair, type Report, station } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { perform } from "./chores.ts";
import { FrameLog } from "./frame-log.ts";
import { gossip } from "./gossip-protocol.ts";
import { type Fate, type PlannedCall, predict } from "./queue-model.ts";
import { runs } from "./runs.ts";
import { tallied } from "./tallied-clock.ts";
import { watchedSignal } from "./watched-signal.ts";

const moment = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5_000 }));

const plan: fc.Arbitrary<PlannedCall[]> = fc
  .array(
    fc.record({
      at: moment,
      work: moment,
      timeout: fc.integer({ min: 1, max: 5_000 }),
      abortAt: fc.option(moment, { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((calls) => calls.toSorted((left, right) => left.at - right.at));

/** Plays a plan on real peers and tells what became of each call. */
async function play(calls: readonly PlannedCall[]) {
  const clock = manualClock();
  const peers = tallied(clock);
  const start = clock.now();
  const log = new FrameLog(() => clock.now() - start);
  const reports: Report[] = [];
  const handled: string[] = [];
  const [near, far] = memoryPair("gossip", { clock });
  const fates: (Fate | undefined)[] = calls.map(() => undefined);
  let settled = 0;
  const caller = connectPeer(near, station(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} }), {
    clock: peers,
    frames: log.add,
    report: (report) => reports.push(report),
  });
  const callee = connectPeer(
    far,
    csms(gossip, {
      Gossip: (request) => {
        handled.push(request.token);
        return perform(request, clock);
      },
      Rumour: () => {},
    }),
    { clock: peers, handlerTimeout: 1_000_000 },
  );

  const signals = calls.map(({ at, work, timeout, abortAt }, index) => {
    const watched = watchedSignal();
    const sent = { is: false };
    const settle = (end: Fate["end"]): void => {
      settled += 1;
      fates[index] = { end, at: clock.now() - start, sent: sent.is };
    };
    if (abortAt !== undefined && abortAt > at) clock.setTimer(watched.abort, abortAt);
    clock.setTimer(() => {
      if (abortAt !== undefined && abortAt <= at) watched.abort();
      const options = { signal: watched.signal, timeout, sent: () => (sent.is = true) };
      caller.call("Gossip", { token: `t${index}`, work, way: "answer" }, options).then(
        (response) => {
          expect(response.token).toBe(`t${index}`);
          settle("answered");
        },
        (error: unknown) => {
          expect(ConnectionError.is(error)).toBe(true);
          if (ConnectionError.is(error)) settle(error.code as Fate["end"]);
        },
      );
    }, at);
    return watched;
  });
  await clock.advance(200_000);
  return { caller, callee, clock, fates, handled, log, peers, reports, settled, signals };
}

describe("the queue of calls", () => {
  it("sends, settles and times every call as the model says, and leaves nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (calls) => {
        const expected = predict(calls);
        fc.pre(expected !== undefined);
        const played = await play(calls);
        expect(played.fates).toEqual(expected);
        expect(played.settled).toBe(calls.length);

        const sent = calls.map((_, index) => `t${index}`).filter((_, index) => expected[index]?.sent === true);
        expect(played.handled).toEqual(sent);
        const tokens = played.log.frames
          .filter(({ direction, type }) => direction === "outbound" && type === 2)
          .map(({ text }) => (JSON.parse(text) as [2, string, string, { token: string }])[3].token);
        expect(tokens).toEqual(sent);

        const ids = new Map(played.log.sent.map((id, index) => [id, Number((sent[index] ?? "t-1").slice(1))]));
        const givenUpAt = (id: string): number => {
          const fate = expected[ids.get(id) ?? -1];
          return fate === undefined || fate.end === "answered" ? Number.POSITIVE_INFINITY : fate.at;
        };
        expect(played.log.overlaps(givenUpAt)).toEqual([]);

        const given = expected.filter((fate) => fate.sent && fate.end !== "answered").length;
        expect(played.reports).toHaveLength(given);
        for (const report of played.reports) expect(report).toMatchObject({ type: "unexpected-answer", why: "late" });
        expect(played.peers.waiting).toBe(0);
        expect(played.clock.timers).toBe(0);
        expect(played.caller.queued).toBe(0);
        for (const signal of played.signals) expect(signal.listeners).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it("never gives a listener to a signal that is aborted already", async () => {
    const watched = watchedSignal();
    watched.abort();
    const [near] = memoryPair("gossip");
    const caller = connectPeer(near, station(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} }));
    const call = caller.call("Gossip", { token: "t", work: 0, way: "answer" }, { signal: watched.signal });
    await expect(call).rejects.toMatchObject({
      name: "ConnectionError",
      code: "aborted",
      cause: watched.signal.reason,
    });
    expect(watched.added).toBe(0);
  });

  it("counts the timeout from sending, so that a long queue does not eat it up", async () => {
    const played = await play(
      Array.from({ length: 10 }, () => ({ at: 0, work: 900, timeout: 1_000, abortAt: undefined })),
    );
    expect(played.fates.map((fate) => fate?.end)).toEqual(Array.from({ length: 10 }, () => "answered"));
  });

  it("takes as many calls as its limit and refuses the others at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 50 }),
        async (callLimit, count, work) => {
          const clock = manualClock();
          const [near, far] = memoryPair("gossip", { clock });
          const caller = connectPeer(near, station(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} }), {
            clock,
            callLimit,
          });
          connectPeer(far, csms(gossip, { Gossip: (request) => perform(request, clock), Rumour: () => {} }), { clock });
          const calls = Array.from({ length: count }, (_, index) =>
            caller.call("Gossip", { token: `t${index}`, work, way: "answer" }).then(
              () => "answered",
              (error: unknown) => (ConnectionError.is(error) ? error.code : "?"),
            ),
          );
          expect(caller.queued).toBe(Math.min(count, callLimit));
          await clock.advance(10_000);
          const ends = Array.from({ length: count }, (_, index) => (index < callLimit ? "answered" : "overloaded"));
          expect(await Promise.all(calls)).toEqual(ends);
          expect(clock.timers).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });

  it("settles a payload that cannot be written, and sends the next one", async () => {
    const clock = manualClock();
    const [near, far] = memoryPair("gossip", { clock });
    const caller = connectPeer(near, station(gossip, { Gossip: () => ({ token: "" }), Rumour: () => {} }), { clock });
    connectPeer(far, csms(gossip, { Gossip: (request) => perform(request, clock), Rumour: () => {} }), { clock });
    const cyclic: Record<string, unknown> = { token: "cycle" };
    cyclic["self"] = cyclic;
    const bad = caller.callByName("Gossip", cyclic);
    const bigger = caller.callByName("Gossip", { token: "big", size: 1n });
    const good = caller.call("Gossip", { token: "good", work: 0, way: "answer" });
    await expect(bad).rejects.toMatchObject({ code: "unserializable" });
    await expect(bigger).rejects.toMatchObject({ code: "unserializable" });
    await expect(good).resolves.toEqual({ token: "good" });
    expect(clock.timers).toBe(0);
  });
});
