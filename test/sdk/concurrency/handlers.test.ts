import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { after, perform } from "./chores.ts";
import { runs } from "./runs.ts";
import { ask, chore, serve } from "./served-handler.ts";

describe("the handlers of a peer", () => {
  it("answer in the order of arrival, as many at a time as `concurrency` says", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 }),
        async (concurrency, works) => {
          let busy = 0;
          let most = 0;
          const started: string[] = [];
          const { clock, other, peers } = serve(
            async (request) => {
              started.push(request.token);
              busy += 1;
              most = Math.max(most, busy);
              await after(clock, request.work);
              busy -= 1;
              return { token: request.token };
            },
            { concurrency },
          );
          works.forEach((work, index) => {
            other.send(2, `c${index}`, "Gossip", chore(`c${index}`, work));
          });
          await clock.advance(1_000);
          const ids = works.map((_, index) => `c${index}`);
          expect(started).toEqual(ids);
          expect(most).toBe(Math.min(concurrency, works.length));
          const answered = other.received.map(([type, id, payload]) => {
            expect(type).toBe(3);
            expect(payload).toEqual({ token: id });
            return id as string;
          });
          expect(answered.toSorted()).toEqual(ids.toSorted());
          if (concurrency === 1) expect(answered).toEqual(ids);
          expect(peers.waiting).toBe(0);
          expect(clock.timers).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });

  it("refuse what is beyond `handlerLimit`, in so many words, and serve what comes afterwards", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 30 }),
        async (handlerLimit, count) => {
          const { clock, other, peers, reports } = serve((request) => perform({ ...request, work: 10 }, clock), {
            handlerLimit,
          });
          const ids = Array.from({ length: count }, (_, index) => `c${index}`);
          ask(other, ...ids);
          await clock.settle();
          const refused = ids.slice(handlerLimit + 1);
          expect(other.received.map(([type, id, code]) => [type, id, code])).toEqual(
            refused.map((id) => [4, id, "InternalError"]),
          );
          expect(reports.map(({ type }) => type)).toEqual(refused.map(() => "refused-call"));
          await clock.advance(10 * (handlerLimit + 2));
          other.send(2, "later", "Gossip", chore("later"));
          await clock.advance(10);
          expect(other.received).toHaveLength(count + 1);
          expect(other.received.at(-1)).toEqual([3, "later", { token: "later" }]);
          expect(peers.waiting).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });

  it("run to their end in order when the connection goes, those that wait too, and answer nowhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (works, cutAt, concurrency, late) => {
          const running = new Map<string, { context: () => [AbortSignal, AbortSignal]; done: boolean }>();
          let following = 0;
          const rejections: unknown[] = [];
          const { clock, other, peer, peers, reports } = serve(
            async (request, context) => {
              const trace = {
                context: (): [AbortSignal, AbortSignal] => [context.signal, context.connectionSignal],
                done: false,
              };
              running.set(request.token, trace);
              context.afterResponse(() => {
                following += 1;
              });
              // Half of the cases ask for the signals only when the connection has gone already.
              if (!late) expect(context.signal.aborted).toBe(false);
              await after(clock, request.work);
              trace.done = true;
              if (context.connectionSignal.aborted) {
                await context.peer.call("Gossip", chore("back")).catch((error: unknown) => rejections.push(error));
              }
              return { token: request.token };
            },
            { concurrency },
          );
          works.forEach((work, index) => {
            other.send(2, `c${index}`, "Gossip", chore(`c${index}`, work));
          });
          await clock.advance(cutAt);
          const finished = [...running.values()].filter(({ done }) => done).length;
          let over = false;
          peer.finished.then(
            () => {
              over = true;
            },
            () => {},
          );
          other.close();
          await clock.settle();
          expect(peer.state).toBe("closed");
          expect(peer.signal.aborted).toBe(true);
          expect(peer.handling).toBe(works.length - finished);
          expect(over).toBe(finished === works.length);
          for (const { context, done } of running.values()) {
            if (!done) expect(context().map(({ aborted }) => aborted)).toEqual([false, true]);
          }
          await clock.advance(2_000);
          expect([...running.keys()]).toEqual(works.map((_, index) => `c${index}`));
          for (const { context, done } of running.values()) {
            expect(done).toBe(true);
            expect(context()[0].aborted).toBe(false);
          }
          expect(other.received).toHaveLength(finished);
          expect(following).toBe(finished);
          expect(rejections).toHaveLength(works.length - finished);
          for (const error of rejections) expect(error).toMatchObject({ code: "not-connected" });
          expect(reports.map(({ type }) => type)).toEqual(works.slice(finished).map(() => "handler-late"));
          expect(peer.handling).toBe(0);
          expect(over).toBe(true);
          expect(peers.waiting).toBe(0);
        },
      ),
      { numRuns: runs },
    );
  });

  it("are given up at their deadline: InternalError, the next one's turn, and no second answer", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 200 }),
        async (works, handlerTimeout) => {
          fc.pre(works.every((work) => work !== handlerTimeout));
          const signals = new Map<string, AbortSignal>();
          const { clock, other, peers } = serve(
            async (request, context) => {
              signals.set(request.token, context.signal);
              await after(clock, request.work);
              return { token: request.token };
            },
            { handlerTimeout },
          );
          const start = clock.now();
          works.forEach((work, index) => {
            other.send(2, `c${index}`, "Gossip", chore(`c${index}`, work));
          });
          const due = works.reduce((sum, work) => sum + Math.min(work, handlerTimeout), 0);
          await clock.advance(due);
          expect(other.received.map(([type, id]) => [type, id])).toEqual(
            works.map((work, index) => [work < handlerTimeout ? 3 : 4, `c${index}`]),
          );
          works.forEach((work, index) => {
            expect(signals.get(`c${index}`)?.aborted).toBe(work > handlerTimeout);
            if (work > handlerTimeout) expect(other.received[index]?.[2]).toBe("InternalError");
          });
          await clock.advance(2_000);
          expect(other.received).toHaveLength(works.length);
          expect(peers.waiting).toBe(0);
          expect(clock.now()).toBe(start + due + 2_000);
        },
      ),
      { numRuns: runs },
    );
  });

  it("refuse a call whose id is in flight, and take the id again once it is answered", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 20 })), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.integer({ min: 1, max: 3 }),
        async (calls, concurrency) => {
          const { clock, other, reports } = serve((request) => perform({ ...request, work: 10 }, clock), {
            concurrency,
          });
          const open = new Map<string, number>();
          let refused = 0;
          let index = 0;
          for (const [id, pause] of calls) {
            for (const [type, answered, code] of other.received.slice(index)) {
              if (type === 3 || code !== "RpcFrameworkError") open.delete(String(answered));
            }
            index = other.received.length;
            const busy = open.has(id);
            other.send(2, id, "Gossip", chore(`token of ${id}`));
            await clock.settle();
            const answer = other.received.at(index);
            if (busy) {
              expect(answer).toMatchObject([4, id, "RpcFrameworkError", expect.any(String), {}]);
              refused += 1;
              index += 1;
            } else {
              expect(answer).toBeUndefined();
              open.set(id, 1);
            }
            await clock.advance(pause);
          }
          await clock.advance(1_000);
          expect(reports.filter(({ type }) => type === "duplicate-call")).toHaveLength(refused);
          expect(other.received).toHaveLength(calls.length);
        },
      ),
      { numRuns: runs },
    );
  });

  it("have their tasks run after the response has left, in order, one after the other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 5 }),
        fc.boolean(),
        async (pauses, failing, slow) => {
          const events: string[] = [];
          const { clock, other, reports } = serve(
            (request, context) => {
              pauses.forEach((pause, index) => {
                context.afterResponse(async () => {
                  events.push(`begin ${index}`);
                  if (index === failing) throw new Error("A task failed");
                  if (pause > 0) await after(clock, pause);
                  events.push(`end ${index}`);
                });
              });
              return perform({ ...request, work: slow ? 5 : 0 }, clock);
            },
            { frames: (direction) => events.push(direction) },
          );
          ask(other, "x");
          await clock.advance(1_000);
          expect(other.received).toEqual([[3, "x", { token: "x" }]]);
          const tasks = pauses.flatMap((_, index) =>
            index === failing ? [`begin ${index}`] : [`begin ${index}`, `end ${index}`],
          );
          expect(events).toEqual(["inbound", "outbound", ...tasks]);
          expect(reports.map(({ type }) => type)).toEqual(failing < pauses.length ? ["handler-failed"] : []);
        },
      ),
      { numRuns: runs },
    );
  });
});
