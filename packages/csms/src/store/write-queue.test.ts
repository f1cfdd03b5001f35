import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import { StoreError } from "./store-error.ts";
import type { StoreProblem } from "./store-options.ts";
import { createWriteQueue, type Outcome, type Unit } from "./write-queue.ts";

interface Batch {
  readonly units: readonly Unit[];
  answer(outcomes?: readonly Outcome[]): void;
  fail(error: unknown): void;
}

function harness(lanes = 1) {
  const clock = manualClock();
  const batches: Batch[] = [];
  const problems: StoreProblem[] = [];
  const queue = createWriteQueue({
    commit: (units) =>
      new Promise((resolve, reject) => {
        batches.push({ units, answer: (outcomes) => resolve(outcomes ?? units.map(() => [1])), fail: reject });
      }),
    lanes,
    clock,
    report: (problem) => problems.push(problem),
  });
  return { queue, batches, problems, clock };
}

const write = { sql: "x", parameters: [] };

describe("a write queue", () => {
  it("keeps together what comes together, and what comes during a commit after it", async () => {
    const { queue, batches, clock } = harness();
    queue.append(write);
    const first = queue.write([write, write]);
    await clock.settle();
    const second = queue.write([write]);
    queue.append(write);
    await clock.settle();
    expect(batches.map(({ units }) => units.map(({ writes }) => writes.length))).toEqual([[1, 2]]);
    batches[0]?.answer([[1], [1, 0]]);
    expect(await first).toEqual([1, 0]);
    await clock.settle();
    expect(batches[1]?.units).toHaveLength(2);
    batches[1]?.answer();
    await second;
  });

  it("bounds what a commit holds", async () => {
    const { queue, batches, clock } = harness();
    const all = Array.from({ length: 2_500 }, () => queue.write([write]));
    await clock.settle();
    expect(batches[0]?.units).toHaveLength(2_000);
    batches[0]?.answer();
    await clock.settle();
    expect(batches[1]?.units).toHaveLength(500);
    batches[1]?.answer();
    await Promise.all(all);
  });

  it("rejects all that wait where nothing can be kept, and goes on with what comes then", async () => {
    const { queue, batches, problems, clock } = harness();
    const full = new StoreError("full", "no room");
    const first = queue.write([write]);
    await clock.settle();
    const second = queue.write([write]);
    queue.append(write);
    batches[0]?.fail(full);
    await expect(first).rejects.toBe(full);
    await expect(second).rejects.toBe(full);
    expect(problems).toMatchObject([{ error: full, count: 1 }]);
    const third = queue.write([write]);
    await clock.settle();
    batches[1]?.answer();
    expect(await third).toEqual([1]);
  });

  it("makes a StoreError of whatever a commit fails with", async () => {
    const { queue, batches, clock } = harness();
    const first = queue.write([write]);
    await clock.settle();
    batches[0]?.fail(new RangeError("?"));
    await expect(first).rejects.toMatchObject({ code: "failed", cause: { message: "?" } });
  });

  it("drops what is appended beyond 100,000 and says how many", async () => {
    const { queue, batches, problems, clock } = harness();
    for (let count = 0; count < 100_003; count += 1) queue.append(write);
    await clock.settle();
    expect(problems).toMatchObject([{ count: 3 }]);
    batches[0]?.answer();
    await clock.settle();
    queue.append(write);
    for (let index = 1; index < batches.length; index += 1) {
      batches[index]?.answer();
      await clock.settle();
    }
    expect(batches.reduce((sum, { units }) => sum + units.length, 0)).toBe(100_001);
  });

  it("runs work alone, between commits, before what came later", async () => {
    const { queue, batches, problems, clock } = harness();
    const first = queue.write([write]);
    await clock.settle();
    let release = (): void => {};
    const order: string[] = [];
    const work = queue.alone(() => {
      order.push("work");
      return new Promise<string>((resolve) => {
        release = () => resolve("done");
      });
    });
    const second = queue.write([write]).then(() => order.push("second"));
    expect(order).toEqual([]);
    batches[0]?.answer();
    await first;
    await clock.settle();
    expect(order).toEqual(["work"]);
    expect(batches).toHaveLength(1);
    await clock.advance(31_000);
    expect(problems).toHaveLength(1);
    release();
    expect(await work).toBe("done");
    await clock.settle();
    batches[1]?.answer();
    await second;
    expect(order).toEqual(["work", "second"]);
    expect(clock.timers).toBe(0);
  });

  it("goes on after work that failed", async () => {
    const { queue, batches, clock } = harness();
    await expect(queue.alone(() => Promise.reject(new RangeError("no")))).rejects.toThrow("no");
    const next = queue.write([write]);
    await clock.settle();
    batches[0]?.answer();
    await next;
  });

  it("closes after all that is there", async () => {
    const { queue, batches, problems, clock } = harness();
    const first = queue.write([write]);
    const work = queue.alone(() => Promise.resolve(1));
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    await expect(queue.write([write])).rejects.toMatchObject({ code: "closed" });
    await expect(queue.alone(() => Promise.resolve())).rejects.toMatchObject({ code: "closed" });
    queue.append(write);
    expect(problems).toHaveLength(1);
    await clock.settle();
    expect(closed).toBe(false);
    batches[0]?.answer();
    await Promise.all([first, work, closing]);
  });
});
