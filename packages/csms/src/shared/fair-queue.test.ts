import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFairQueue, type FairQueueOptions, QueueFullError, type QueuePlace } from "./fair-queue.ts";

/** A queue whose work ends when the test says so, and that notes what began and what became of it. */
function bench(options: Partial<FairQueueOptions> = {}) {
  const queue = createFairQueue({ parallel: 1, parallelOthers: 1, mostWaiting: 100, ...options });
  const begun: string[] = [];
  const dropped: string[] = [];
  const running = new Map<string, () => void>();
  const ask = (name: string, place: Partial<QueuePlace> = {}): void => {
    queue
      .run({ source: "address", subject: name, first: false, ...place }, () => {
        begun.push(name);
        return new Promise<void>((resolve) => {
          running.set(name, resolve);
        });
      })
      .catch((error: unknown) => {
        dropped.push(error instanceof QueueFullError ? name : `${name} aborted`);
      });
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
  };
  /** Ends what runs, one after the other, until nothing is left. */
  const finish = async (): Promise<void> => {
    await settle();
    for (let [entry] = running; entry !== undefined; [entry] = running) {
      running.delete(entry[0]);
      entry[1]();
      await settle();
    }
  };
  return { queue, begun, dropped, running, ask, settle, finish };
}

describe("a fair queue", () => {
  it("gives turns to sources, and to their subjects, one after the other", async () => {
    const { ask, begun, finish } = bench();
    ask("running");
    for (const name of ["a1", "a2", "a3"]) ask(name, { source: "a", subject: "one" });
    ask("a4", { source: "a", subject: "two" });
    ask("b1", { source: "b" });
    ask("c1", { source: "c" });
    await finish();
    expect(begun).toEqual(["running", "a1", "b1", "c1", "a4", "a2", "a3"]);
  });

  it("takes what goes first before the rest, and leaves a place free for it", async () => {
    const { ask, begun, settle, finish } = bench({ parallel: 2 });
    for (const name of ["x1", "x2", "x3"]) ask(name);
    await settle();
    expect(begun).toEqual(["x1"]);
    ask("f1", { first: true });
    ask("f2", { first: true });
    await settle();
    expect(begun).toEqual(["x1", "f1"]);
    await finish();
    expect(begun).toEqual(["x1", "f1", "f2", "x2", "x3"]);
  });

  it("gives one turn of four to the rest, whatever goes first", async () => {
    const { ask, begun, finish } = bench();
    ask("running", { first: true });
    for (const name of ["x1", "x2"]) ask(name);
    for (const name of ["f1", "f2", "f3", "f4", "f5", "f6"]) ask(name, { first: true });
    await finish();
    expect(begun).toEqual(["running", "f1", "f2", "x1", "f3", "f4", "f5", "x2", "f6"]);
  });

  it("does not begin what was aborted, and lets what has begun end", async () => {
    const { ask, begun, dropped, queue, running, settle, finish } = bench();
    const begins = new AbortController();
    const waits = new AbortController();
    ask("begun", { signal: begins.signal });
    ask("gone", { signal: waits.signal });
    ask("late", { signal: AbortSignal.abort() });
    await settle();
    begins.abort();
    waits.abort();
    await settle();
    expect(dropped).toEqual(["late aborted", "gone aborted"]);
    expect(queue.waiting).toBe(0);
    expect(running.has("begun")).toBe(true);
    await finish();
    expect(begun).toEqual(["begun"]);
  });

  it("drops the newest of whoever has the most when it is full, and of what goes first last", async () => {
    const { ask, begun, dropped, finish } = bench({ mostWaiting: 4 });
    ask("running");
    ask("f1", { first: true, source: "f" });
    ask("b1", { source: "b" });
    for (const name of ["a1", "a2", "a3"]) ask(name, { source: "a", subject: "one" });
    ask("c1", { source: "c" });
    ask("f2", { first: true, source: "f" });
    await finish();
    expect(dropped).toEqual(["a3", "a2", "c1"]);
    expect(begun).toEqual(["running", "f1", "f2", "b1", "a1"]);
  });

  it("goes on when work fails", async () => {
    const queue = createFairQueue({ parallel: 1, parallelOthers: 1, mostWaiting: 1 });
    const place = { source: "a", subject: "a", first: false };
    const thrown = queue.run(place, () => {
      throw new Error("at once");
    });
    await expect(thrown).rejects.toThrow("at once");
    await expect(queue.run(place, () => Promise.reject(new Error("later")))).rejects.toThrow("later");
    await expect(queue.run(place, () => Promise.resolve("well"))).resolves.toBe("well");
  });

  it("settles everything, never waits with more than it may, and makes nobody wait for more than one of each other", async () => {
    const asked = fc.record({
      source: fc.constantFrom("a", "b", "c"),
      subject: fc.constantFrom("1", "2"),
      first: fc.boolean(),
      aborted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (all, mostWaiting) => {
          const queue = createFairQueue({ parallel: 2, parallelOthers: 1, mostWaiting });
          let running = 0;
          let others = 0;
          const results = all.map(({ aborted, ...place }) => {
            const controller = new AbortController();
            const result = queue.run({ ...place, signal: controller.signal }, async () => {
              running += 1;
              if (!place.first) others += 1;
              expect(running).toBeLessThanOrEqual(2);
              expect(others).toBeLessThanOrEqual(1);
              await new Promise((resolve) => void setImmediate(resolve));
              running -= 1;
              if (!place.first) others -= 1;
            });
            expect(queue.waiting).toBeLessThanOrEqual(mostWaiting);
            if (aborted) controller.abort(new Error("aborted"));
            return result;
          });
          await Promise.allSettled(results);
          await new Promise((resolve) => void setImmediate(resolve));
          expect([queue.waiting, running]).toEqual([0, 0]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
