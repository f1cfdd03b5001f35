import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyedQueue } from "./keyed-queue.ts";

describe("a keyed queue", () => {
  it("runs what has the same key one after another, and the rest side by side", async () => {
    const queue = createKeyedQueue();
    const log: string[] = [];
    const waiting: (() => void)[] = [];
    const work = (name: string) => (): Promise<string> => {
      log.push(`+${name}`);
      return new Promise((resolve) => {
        waiting.push(() => {
          log.push(`-${name}`);
          resolve(name);
        });
      });
    };
    const results = [queue.run("a", work("a1")), queue.run("a", work("a2")), queue.run("b", work("b1"))];
    expect(log).toEqual(["+a1", "+b1"]);
    expect(queue.size).toBe(2);
    waiting[0]?.();
    await results[0];
    await Promise.resolve();
    expect(log).toEqual(["+a1", "+b1", "-a1", "+a2"]);
    waiting[1]?.();
    waiting[2]?.();
    expect(await Promise.all(results)).toEqual(["a1", "a2", "b1"]);
  });

  it("goes on after a failure, which only its caller sees", async () => {
    const queue = createKeyedQueue();
    const failed = queue.run("a", () => Promise.reject(new Error("no")));
    const next = queue.run("a", () => Promise.resolve(1));
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe(1);
  });

  it("forgets keys that have nothing to do", async () => {
    const queue = createKeyedQueue();
    await Promise.all(["a", "b", "a"].map((key) => queue.run(key, () => Promise.resolve())));
    await new Promise(setImmediate);
    expect(queue.size).toBe(0);
  });

  it("never runs two of a key at once, and keeps their order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 }),
        async (scheduler, keys) => {
          const queue = createKeyedQueue();
          const running = new Set<string>();
          const done: number[] = [];
          const all = keys.map((key, index) =>
            queue.run(key, async () => {
              expect(running.has(key)).toBe(false);
              running.add(key);
              await scheduler.schedule(Promise.resolve());
              running.delete(key);
              done.push(index);
            }),
          );
          await scheduler.waitFor(Promise.all(all));
          for (const key of new Set(keys)) {
            const order = done.filter((index) => keys[index] === key);
            expect(order).toEqual([...order].sort((one, other) => one - other));
          }
          expect(done).toHaveLength(keys.length);
        },
      ),
    );
  });
});
