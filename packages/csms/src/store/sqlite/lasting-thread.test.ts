import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { manualClock } from "@ocpp/core";
import { sql } from "kysely";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../open-store.ts";
import { counterRow } from "../rows.fixture.ts";
import type { Store } from "../store.ts";
import type { StoreProblem } from "../store-options.ts";

let folder: string;
let store: Store;
let problems: StoreProblem[];
/** The threads in the order in which they were started: the writer's, the reader's, and those that took their places. */
let workers: Worker[];
const clock = manualClock();
const started = (worker: Worker): void => void workers.push(worker);

// What compiles the program of the threads has a thread of its own, which must not be counted.
beforeAll(async () => {
  await (await openStore({ kind: "sqlite", file: ":memory:" })).close();
});
beforeEach(async () => {
  workers = [];
  process.on("worker", started);
  folder = mkdtempSync(join(tmpdir(), "ocpp-csms-thread-"));
  problems = [];
  store = await openStore({
    kind: "sqlite",
    file: join(folder, "csms.db"),
    clock,
    report: (one) => problems.push(one),
  });
});
afterEach(async () => {
  process.off("worker", started);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = (name: string) => store.reader.insertInto("counters").values(counterRow(name));
/** Ends a thread as an error in its program would. */
const crash = async (index: number): Promise<void> => {
  await workers[index]?.terminate();
};

describe("a database thread that stops", () => {
  it("is replaced by another one, at most once a second", async () => {
    await store.write(insert("a"));
    await clock.advance(1_000);
    await crash(1);
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("a")]);
    await crash(2);
    await expect(store.reader.selectFrom("counters").selectAll().execute()).rejects.toMatchObject({
      code: "unavailable",
    });
    await clock.advance(1_000);
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("a")]);
    expect(problems).toHaveLength(2);
    expect(workers).toHaveLength(4);
  });

  it("rejects what was asked of it", async () => {
    const long = sql`with recursive c(x) as (select 1 union all select x + 1 from c where x < 3e6) select count(*) from c`;
    const waiting = [long.execute(store.reader), sql`select 1`.execute(store.reader)];
    const outcomes = waiting.map((query) => expect(query).rejects.toMatchObject({ code: "unavailable" }));
    // As if the thread had ended by itself: within a call it cannot be ended without ending the process.
    workers[1]?.emit("exit", 1);
    await Promise.all(outcomes);
  });

  it("leaves writers working, with their statements compiled anew", async () => {
    await store.write(insert("a"));
    await clock.advance(1_000);
    await crash(0);
    await store.write(insert("b"));
    await store.check();
    expect(await store.reader.selectFrom("counters").select("name").orderBy("name").execute()).toEqual(
      ["a", "b"].map((name) => ({ name })),
    );
  });

  it("ends its transaction whole", async () => {
    await clock.advance(1_000);
    const work = store.transaction(async (db) => {
      await db.insertInto("counters").values(counterRow("b")).execute();
      await crash(0);
      // The next thread knows of no transaction: kept alone, this would be half of one.
      await db.insertInto("counters").values(counterRow("c")).execute();
    });
    await expect(work).rejects.toMatchObject({ code: "unavailable" });
    await store.write(insert("d"));
    expect(await store.reader.selectFrom("counters").select("name").execute()).toEqual([{ name: "d" }]);
  });

  it("ends the snapshots of its readers", async () => {
    await clock.advance(1_000);
    const snapshot = await store.reader.startTransaction().setIsolationLevel("repeatable read").execute();
    await snapshot.selectFrom("counters").selectAll().execute();
    await crash(1);
    await expect(snapshot.selectFrom("counters").selectAll().execute()).rejects.toMatchObject({ code: "unavailable" });
    await snapshot.rollback().execute();
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([]);
  });
});
