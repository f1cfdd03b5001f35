import { type ManualClock, manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CsmsEvent } from "../events/events.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { pause } from "../shared/pause.ts";
import { NotFoundError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
import type { BackgroundRunRow } from "../store/tables/jobs.ts";
import type { BackgroundService } from "./background-service.ts";
import { createScheduler } from "./scheduler.ts";

const service = (over: Partial<BackgroundService> = {}): BackgroundService => ({
  name: "sweep",
  description: "Sweeps.",
  interval: 60_000,
  run: () => Promise.resolve("Swept."),
  ...over,
});

/** Waits until a check holds; real sockets and databases take real time. */
const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 10 });

for (const database of databases) {
  describe(`the scheduler on ${database.name}`, () => {
    afterEach(() => database.remove());

    const open = async (clock: ManualClock = manualClock()) => {
      const store = await database.open({ clock });
      const infrastructure = testInfrastructure(store, { clock });
      const told: CsmsEvent[] = [];
      infrastructure.events.subscribe((event) => told.push(event));
      const rows = (): Promise<BackgroundRunRow[]> =>
        store.reader.selectFrom("background_runs").selectAll().orderBy("id").execute();
      return { clock, store, infrastructure, told, rows };
    };

    /** Moves time on, and waits until nothing runs. */
    const pass = async (clock: ManualClock, scheduler: ReturnType<typeof createScheduler>, time: number) => {
      await clock.advance(time);
      await eventually(async () => {
        expect((await scheduler.states()).some(({ running }) => running)).toBe(false);
      });
    };

    it("runs a service an interval after the start, and after the end of each run", async () => {
      const { clock, infrastructure } = await open();
      const starts: number[] = [];
      const begun = clock.now();
      const scheduler = createScheduler(infrastructure, [
        service({
          run: async (signal) => {
            starts.push(clock.now() - begun);
            await pause(clock, 5_000, signal);
            return "Swept.";
          },
        }),
      ]);
      scheduler.start();
      expect(await scheduler.states()).toMatchObject([{ name: "sweep", nextRunAt: begun + 60_000, lastRun: null }]);
      await clock.advance(60_000);
      expect(await scheduler.states()).toMatchObject([
        { running: true, nextRunAt: null, lastRun: { outcome: "running" } },
      ]);
      await pass(clock, scheduler, 5_000);
      const [state] = await scheduler.states();
      expect(state).toMatchObject({
        running: false,
        nextRunAt: begun + 125_000,
        lastRun: { startedAt: begun + 60_000, finishedAt: begun + 65_000, outcome: "ok", result: "Swept." },
      });
      await clock.advance(60_000);
      expect(starts).toEqual([60_000, 125_000]);
      await scheduler.close();
      expect(clock.timers).toBe(0);
    });

    it("runs one when asked, joins a run that is under way, and knows no others", async () => {
      const { clock, infrastructure, told } = await open();
      let runs = 0;
      const scheduler = createScheduler(infrastructure, [
        service({
          interval: 0,
          run: async (signal) => {
            runs += 1;
            await pause(clock, 1_000, signal);
            return "Swept.";
          },
        }),
      ]);
      scheduler.start();
      expect(await scheduler.states()).toMatchObject([{ nextRunAt: null, lastRun: null }]);
      await clock.advance(86_400_000);
      expect(runs).toBe(0);
      const both = Promise.all([scheduler.trigger("sweep"), scheduler.trigger("sweep")]);
      await eventually(() => {
        expect(clock.timers).toBe(1);
      });
      await clock.advance(1_000);
      expect(await both).toMatchObject([
        { running: false, lastRun: { outcome: "ok" } },
        { running: false, lastRun: { outcome: "ok" } },
      ]);
      expect(runs).toBe(1);
      expect(told).toMatchObject([{ kind: "background.finished", data: { name: "sweep", outcome: "ok" } }]);
      await expect(scheduler.trigger("weep")).rejects.toThrow(NotFoundError);
      await scheduler.close();
    });

    it("logs a run that fails, and goes on with all", async () => {
      const { clock, infrastructure, rows } = await open();
      let others = 0;
      const scheduler = createScheduler(infrastructure, [
        service({ run: () => Promise.reject(new Error("no broom")) }),
        service({
          name: "mop",
          run: () => {
            others += 1;
            return Promise.resolve(`Mopped ${others} times.`);
          },
        }),
      ]);
      scheduler.start();
      await scheduler.states();
      for (let round = 0; round < 3; round += 1) await pass(clock, scheduler, 60_000);
      expect(others).toBe(3);
      expect(await scheduler.states()).toMatchObject([
        { lastRun: { outcome: "failed", result: "no broom" }, nextRunAt: clock.now() + 60_000 },
        { lastRun: { outcome: "ok", result: "Mopped 3 times." } },
      ]);
      expect(infrastructure.log.lines.filter(({ level }) => level === "error")).toHaveLength(3);
      await scheduler.close();
      expect((await rows()).filter(({ outcome }) => outcome === "running")).toEqual([]);
    });

    it("keeps runs that say the same as the one before once, and tells of changes only", async () => {
      const { clock, infrastructure, told, rows } = await open();
      const results = ["a", "a", "a", "b", "b", "a"];
      const scheduler = createScheduler(infrastructure, [
        service({ run: () => Promise.resolve(results.shift() ?? "") }),
      ]);
      scheduler.start();
      await scheduler.states();
      const begun = clock.now();
      for (let round = 0; round < 6; round += 1) await pass(clock, scheduler, 60_000);
      await scheduler.close();
      await infrastructure.store.write(infrastructure.store.reader.deleteFrom("logs"));
      expect((await rows()).map(({ result, started_at }) => [result, started_at - begun])).toEqual([
        ["a", 180_000],
        ["b", 300_000],
        ["a", 360_000],
      ]);
      expect(told.map(({ data }) => Reflect.get(Object(data), "result"))).toEqual(["a", "b", "a"]);
    });

    it("says of runs that a crash ended that they were interrupted, and keeps to the schedule over a restart", async () => {
      const { clock, store, infrastructure } = await open();
      const run = { name: "sweep", result: null, finished_at: null } as const;
      const id = store.nextId();
      await store.write(
        store.reader
          .insertInto("background_runs")
          .values({ ...run, id, started_at: clock.now() - 20_000, outcome: "running" }),
        store.reader.insertInto("background_runs").values({
          id: id - 1,
          name: "mop",
          started_at: clock.now() - 50_000,
          finished_at: clock.now() - 40_000,
          outcome: "ok",
          result: "Mopped.",
        }),
      );
      const scheduler = createScheduler(infrastructure, [
        service(),
        service({ name: "mop" }),
        service({ name: "dust" }),
      ]);
      scheduler.start();
      expect(await scheduler.states()).toMatchObject([
        { lastRun: { outcome: "interrupted", finishedAt: clock.now() }, nextRunAt: clock.now() + 60_000 },
        { lastRun: { outcome: "ok", result: "Mopped." }, nextRunAt: clock.now() + 20_000 },
        { lastRun: null, nextRunAt: clock.now() + 60_000 },
      ]);
      await scheduler.close();
    });

    it("lets nothing run in the first seconds, however long ago it was due", async () => {
      const { clock, store, infrastructure } = await open();
      await store.write(
        store.reader.insertInto("background_runs").values({
          id: store.nextId(),
          name: "sweep",
          started_at: 1,
          finished_at: 2,
          outcome: "ok",
          result: "Swept.",
        }),
      );
      const scheduler = createScheduler(infrastructure, [service()]);
      scheduler.start();
      expect(await scheduler.states()).toMatchObject([{ nextRunAt: clock.now() + 10_000 }]);
      await scheduler.close();
    });

    it("aborts what runs when it is closed, and waits for it", async () => {
      const { clock, infrastructure, rows } = await open();
      const scheduler = createScheduler(infrastructure, [
        service({
          run: (signal) =>
            pause(clock, 3_600_000, signal)
              .then(() => signal.throwIfAborted())
              .then(() => "Swept."),
        }),
      ]);
      scheduler.start();
      await scheduler.states();
      await clock.advance(60_000);
      await scheduler.close();
      expect(await rows()).toMatchObject([{ outcome: "interrupted", finished_at: clock.now() }]);
      expect(clock.timers).toBe(0);
    });

    it("names what still runs when its time to close is over", async () => {
      const { clock, infrastructure, rows } = await open();
      const scheduler = createScheduler(infrastructure, [
        service({ name: "hangs", run: () => new Promise(() => {}) }),
        service({ name: "ends", run: () => Promise.resolve("Swept.") }),
      ]);
      scheduler.start();
      await scheduler.states();
      await clock.advance(60_000);
      await expect.poll(async () => (await rows()).map(({ outcome }) => outcome)).toContain("ok");
      await expect.poll(async () => (await scheduler.states()).map(({ running }) => running)).toEqual([true, false]);
      const closing = scheduler.close(2_000);
      await clock.advance(2_000);
      expect(await closing).toEqual(["hangs"]);
    });
  });
}

const [sqlite] = databases;
if (sqlite !== undefined) {
  describe("any schedule", () => {
    afterEach(() => sqlite.remove());

    it("never runs a service twice at once, and waits an interval after each run, however long they take", async () => {
      const store = await sqlite.open();
      const job = fc.record({
        interval: fc.integer({ min: 1, max: 5_000 }),
        takes: fc.array(fc.integer({ min: 0, max: 8_000 }), { minLength: 1, maxLength: 4 }),
        fails: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(job, { minLength: 1, maxLength: 3 }), async (jobs) => {
          const clock = manualClock();
          const spans = jobs.map((): { from: number; to: number }[] => []);
          const scheduler = createScheduler(
            testInfrastructure(store, { clock }),
            jobs.map(({ interval, takes, fails }, index) =>
              service({
                name: `job-${index}`,
                interval,
                run: async (signal) => {
                  const own = spans[index] ?? [];
                  const span = { from: clock.now(), to: Infinity };
                  expect(own.every(({ to }) => to <= span.from)).toBe(true);
                  own.push(span);
                  await pause(clock, takes[(own.length - 1) % takes.length] ?? 0, signal);
                  span.to = clock.now();
                  if (fails) throw new Error("no broom");
                  return `Run ${own.length}.`;
                },
              }),
            ),
          );
          scheduler.start();
          await scheduler.states();
          while (spans.some((own) => own.length < 3)) {
            const before = clock.timers;
            await clock.advance(250);
            // A run that has ended is kept, which takes real time, before its next one is planned.
            await eventually(async () => {
              const states = await scheduler.states();
              expect(
                states.every(({ running, nextRunAt }, index) =>
                  running ? spans[index]?.at(-1)?.to === Infinity : nextRunAt !== null,
                ),
              ).toBe(true);
            });
            expect(before).toBeGreaterThan(0);
          }
          await scheduler.close();
          for (const [index, own] of spans.entries()) {
            const interval = jobs[index]?.interval ?? 0;
            for (const [at, { from }] of own.slice(1).entries()) {
              expect(from - (own[at]?.to ?? 0)).toBeGreaterThanOrEqual(interval);
            }
          }
          expect(clock.timers).toBe(0);
        }),
        { numRuns: 15 },
      );
    });
  });
}
