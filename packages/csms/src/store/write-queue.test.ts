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

function harness(lanes = 1, timeout = 60_000, spacing = 0) {
  const clock = manualClock();
  const batches: Batch[] = [];
  const problems: StoreProblem[] = [];
  const queue = createWriteQueue({
    commit: (units) =>
      new Promise((resolve, reject) => {
        batches.push({ units, answer: (outcomes) => resolve(outcomes ?? units.map(() => [1])), fail: reject });
      }),
    lanes,
    timeout,
    clock,
    spacing: { milliseconds: spacing, clock },
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

  it("lets what can wait be kept with the 25th commit, at once where nothing else is, and before work that is alone", async () => {
    const { queue, batches, clock } = harness();
    const sizes = (): number[] => batches.map(({ units }) => units.length);
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    void queue.write([write]);
    queue.append(write, true);
    await clock.settle();
    for (let commit = 0; commit < 25; commit += 1) {
      void queue.write([write]);
      queue.append(write, true);
      batches[commit]?.answer();
      await clock.settle();
    }
    expect(sizes()).toEqual([...Array.from({ length: 24 }, () => 1), 26, 1]);
    batches[25]?.answer();
    await clock.settle();
    expect(sizes().slice(26)).toEqual([1]);
    batches[26]?.answer();
    await clock.settle();

    queue.append(write, true);
    queue.append(write, true);
    await turn();
    await clock.settle();
    expect(sizes().slice(27)).toEqual([2]);

    void queue.write([write]);
    queue.append(write, true);
    const alone = queue.alone(async () => batches.length);
    batches[27]?.answer();
    await clock.settle();
    expect(sizes().slice(28)).toEqual([2]);
    batches[28]?.answer();
    expect(await alone).toBe(29);
    await queue.close();
  });

  it("spaces commits while writes come during them, and lets a single writer and a close wait for nothing", async () => {
    const { queue, batches, clock } = harness(1, 60_000, 5);
    const sizes = (): number[] => batches.map(({ units }) => units.length);
    // One that writes again when its commit has ended.
    for (let commit = 0; commit < 3; commit += 1) {
      const own = queue.write([write]);
      await clock.settle();
      batches[commit]?.answer();
      await own;
    }
    expect(sizes()).toEqual([1, 1, 1]);

    void queue.write([write]);
    await clock.settle();
    void queue.write([write]);
    await clock.advance(2);
    batches[3]?.answer();
    await clock.settle();
    void queue.write([write]);
    await clock.advance(2);
    expect(sizes().slice(3)).toEqual([1]);
    await clock.advance(1);
    expect(sizes().slice(3)).toEqual([1, 2]);

    void queue.write([write]);
    await clock.settle();
    batches[4]?.answer();
    await clock.settle();
    expect(sizes().slice(5)).toEqual([]);
    const closed = queue.close();
    await clock.settle();
    expect(sizes().slice(5)).toEqual([1]);
    batches[5]?.answer();
    await closed;
  });

  it("tells of what could wait and was not kept, and keeps it before it closes", async () => {
    const { queue, batches, problems, clock } = harness();
    const failing = queue.write([write]);
    queue.append(write, true);
    await clock.settle();
    batches[0]?.fail(new StoreError("full", "full"));
    await expect(failing).rejects.toMatchObject({ code: "full" });
    expect(problems).toMatchObject([{ count: 1 }]);
    queue.append(write, true);
    const closed = queue.close();
    await clock.settle();
    expect(batches[1]?.units).toHaveLength(1);
    batches[1]?.answer();
    await closed;
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

  it("bounds what is appended, and what a commit holds, by the length of its texts", async () => {
    const { queue, batches, problems, clock } = harness();
    const long = { sql: "x", parameters: [1, "y".repeat(1_048_576), null] };
    for (let count = 0; count < 70; count += 1) queue.append(long);
    const waited = queue.write([long, long]);
    await clock.settle();
    expect(batches[0]?.units).toHaveLength(8);
    expect(problems).toMatchObject([{ count: 6 }]);
    expect(queue.lost).toBe(6);
    for (let index = 0; index < batches.length; index += 1) {
      batches[index]?.answer();
      await clock.settle();
    }
    // What somebody waits for is never dropped.
    expect(await waited).toEqual([1]);
    expect(batches.reduce((sum, { units }) => sum + units.length, 0)).toBe(65);
    for (let count = 0; count < 64; count += 1) queue.append(long);
    await clock.settle();
    expect(queue.lost).toBe(6);
    batches.at(-1)?.fail(new StoreError("full", "no room"));
    await clock.settle();
    expect(queue.lost).toBe(70);
    queue.append(long);
    await clock.settle();
    expect(queue.lost).toBe(70);
  });

  it("tells of what it drops once in ten seconds, with a count", async () => {
    const { queue, batches, problems, clock } = harness();
    const long = { sql: "x", parameters: ["y".repeat(67_108_864)] };
    const round = async (): Promise<void> => {
      for (let count = 0; count < 4; count += 1) queue.append(long);
      await clock.settle();
      batches.at(-1)?.answer();
      await clock.settle();
    };
    for (let count = 0; count < 5; count += 1) await round();
    expect(problems).toMatchObject([{ count: 3 }]);
    await clock.advance(10_000);
    await round();
    expect(problems).toMatchObject([{ count: 3 }, { count: 15 }]);
    expect(queue.lost).toBe(18);
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

  it("rejects what has waited for too long, and not what has been sent or what nobody waits for", async () => {
    const { queue, batches, problems, clock } = harness(1, 5_000);
    const sent = queue.write([write]);
    await clock.settle();
    const early = queue.write([write]);
    const work = queue.alone(() => Promise.resolve("never"));
    queue.append(write);
    await clock.advance(3_000);
    const late = queue.write([write]);
    const outcome = expect(early).rejects.toMatchObject({ code: "unavailable" });
    const alone = expect(work).rejects.toMatchObject({ code: "unavailable" });
    await clock.advance(2_000);
    await Promise.all([outcome, alone]);
    batches[0]?.answer();
    expect(await sent).toEqual([1]);
    await clock.settle();
    expect(batches[1]?.units).toHaveLength(2);
    batches[1]?.answer();
    expect(await late).toEqual([1]);
    await clock.settle();
    expect([problems, clock.timers]).toEqual([[], 0]);
  });

  it.each([
    ["statements", Array.from({ length: 1_000 }, () => write), 50],
    ["characters", [{ sql: "x", parameters: ["y".repeat(1_048_576)] }], 64],
  ])("refuses what would make too many %s wait", async (_what, writes, most) => {
    const { queue, batches, clock } = harness();
    const first = queue.write([write]);
    await clock.settle();
    const waiting = Array.from({ length: most }, () => queue.write(writes));
    await expect(queue.write(writes)).rejects.toMatchObject({ code: "unavailable" });
    batches[0]?.answer();
    await first;
    for (let index = 1; index <= most; index += 1) {
      await clock.settle();
      batches[index]?.answer();
    }
    expect(await Promise.all(waiting)).toHaveLength(most);
    // There is room again.
    const next = queue.write(writes);
    await clock.settle();
    batches.at(-1)?.answer();
    await next;
  });

  it("gives up what is left when its time to close is over, and tells what that was", async () => {
    const { queue, batches, problems, clock } = harness();
    const rejected = (promise: Promise<unknown>): Promise<void> =>
      expect(promise).rejects.toMatchObject({ code: "closed" });
    const frame = { sql: 'insert into "frames" (id) values (1)', parameters: [] };
    const outcomes = [rejected(queue.write([frame]))];
    await clock.settle();
    outcomes.push(
      rejected(queue.write([{ sql: "update frames set id = 2", parameters: [] }, write])),
      rejected(queue.alone(() => Promise.resolve())),
    );
    queue.append(frame);
    const closing = queue.close(2_000);
    await clock.advance(2_000);
    expect(await closing).toEqual(
      new Map([
        ["frames", 3],
        ["other", 1],
      ]),
    );
    await Promise.all(outcomes);
    // What becomes of the commit is of no interest any more.
    batches[0]?.fail(new StoreError("unavailable", "gone"));
    await clock.settle();
    expect([problems, batches.length, clock.timers]).toEqual([[], 1, 0]);
  });

  it("closes at once where nothing is there, and tells that nothing was lost", async () => {
    const { queue, clock } = harness();
    expect(await queue.close(2_000)).toEqual(new Map());
    expect(clock.timers).toBe(0);
  });

  it("tells at its close what could not be persisted since the last commit that succeeded", async () => {
    const { queue, batches, clock } = harness();
    const attempt = async (fails: boolean): Promise<void> => {
      queue.append({ sql: "insert into logs (id) values (1)", parameters: [] });
      await clock.settle();
      if (fails) batches.at(-1)?.fail(new StoreError("unavailable", "away"));
      else batches.at(-1)?.answer();
      await clock.settle();
    };
    await attempt(true);
    await attempt(false);
    await attempt(true);
    await attempt(true);
    expect(await queue.close(2_000)).toEqual(new Map([["logs", 2]]));
  });
});
