import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock } from "@ocpp/core";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { counterRow, eventRow, meterValueRow, stationRow, transactionRow } from "./rows.fixture.ts";
import { databases } from "./store.fixture.ts";
import type { Store } from "./store.ts";
import type { StoreProblem } from "./store-options.ts";
import type { EventRow } from "./tables/events.ts";

for (const database of databases) {
  describe(`a store on ${database.name}`, () => {
    let store: Store;
    let problems: StoreProblem[];

    beforeEach(async () => {
      problems = [];
      store = await database.open({ report: (problem) => problems.push(problem) });
    });

    afterEach(async () => {
      await database.remove();
      expect(problems).toEqual([]);
    });

    const events = (): Promise<EventRow[]> => store.reader.selectFrom("events").selectAll().orderBy("id").execute();
    const insertEvent = (row: EventRow) => store.prepare<EventRow>((db, of) => db.insertInto("events").values(of))(row);

    it("shows a write to readers once it has resolved, with how many rows it changed", async () => {
      const [first, second] = [eventRow(store), eventRow(store, { station_id: null })];
      expect(await store.write(insertEvent(first), insertEvent(second))).toEqual([1, 1]);
      expect(await events()).toEqual([first, second]);
      const update = store.reader.updateTable("events").set({ kind: "other" });
      expect(await store.write(update, update.where("id", "=", 1))).toEqual([2, 0]);
      expect(await store.write(store.reader.deleteFrom("events").where("id", "=", first.id))).toEqual([1]);
      expect(await store.write()).toEqual([]);
    });

    it("refuses what contradicts, and only that", async () => {
      const row = eventRow(store);
      const other = eventRow(store);
      const results = await Promise.allSettled([
        store.write(insertEvent(row)),
        store.write(insertEvent(other), insertEvent(row)),
        store.write(insertEvent(eventRow(store))),
        store.write({ sql: "insert into no_such_table values (1)", parameters: [] }),
        store.write(insertEvent(eventRow(store))),
      ]);
      expect(results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.code))).toEqual([
        [1],
        "constraint",
        [1],
        "failed",
        [1],
      ]);
      const kept = (await events()).map(({ id }) => id);
      expect(kept).toHaveLength(3);
      expect(kept).not.toContain(other.id);
    });

    it("refuses values that are neither text nor finite numbers", async () => {
      const row = eventRow(store);
      for (const at of [Number.NaN, Number.POSITIVE_INFINITY, true, {}, () => 1, Symbol("s")]) {
        const bad = insertEvent({ ...row, at: at as number });
        const results = await Promise.allSettled([
          store.write(insertEvent(eventRow(store))),
          store.write(bad),
          store.write(insertEvent(eventRow(store))),
        ]);
        expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
        store.append(bad);
      }
      expect(problems.map(({ error }) => error)).toMatchObject(
        Array.from({ length: 6 }, () => ({ code: "constraint" })),
      );
      problems = [];
      expect(await events()).toHaveLength(12);
    });

    it("names no values in its errors", async () => {
      const row = stationRow({ password_hash: "a secret" });
      const insert = store.reader.insertInto("stations").values(row);
      await store.write(insert);
      const error: Error = await store.write(insert).then(
        () => expect.unreachable(),
        (reason: unknown) => reason as Error,
      );
      expect(error.message).not.toMatch(/secret|CS-1/);
    });

    it("keeps appended writes in their order before the writes that come after them", async () => {
      const rows = Array.from({ length: 50 }, () => eventRow(store));
      for (const row of rows) store.append(insertEvent(row));
      const last = eventRow(store);
      await store.write(insertEvent(last));
      expect(await events()).toEqual([...rows, last]);
    });

    it("tells of appended writes that are refused", async () => {
      const row = eventRow(store);
      store.append(insertEvent(row));
      store.append(insertEvent(row));
      await store.write(insertEvent(eventRow(store)));
      expect(problems).toMatchObject([{ count: 1, error: { code: "constraint" } }]);
      problems = [];
    });

    it("keeps what was appended before it is closed, and takes nothing after", async () => {
      const row = eventRow(store);
      store.append(insertEvent(row));
      await store.close();
      await expect(store.write(insertEvent(eventRow(store)))).rejects.toMatchObject({ code: "closed" });
      await expect(store.transaction(() => Promise.resolve())).rejects.toMatchObject({ code: "closed" });
      store = await database.open();
      expect(await events()).toEqual([row]);
    });

    it("gives back integers up to 2^53, fractions, text and null as they were", async () => {
      const row = transactionRow(store, {
        started_at: 2 ** 31 + 1,
        register_at: Number.MAX_SAFE_INTEGER,
        first_seq: 2 ** 40 + 7,
        meter_start: 0.1,
        meter_stop: 12_345_678_901.5,
        register: 3,
        number: 0x7fff_ffff,
        start_time: "2026-11-24T12:00:00.000Z",
        remarks: '["ä€😀\\u0000","\\"\'"]',
      });
      await store.write(store.reader.insertInto("transactions").values(row));
      expect(await store.reader.selectFrom("transactions").selectAll().executeTakeFirst()).toEqual(row);
      const found = store.reader
        .selectFrom("transactions")
        .select("id")
        .where("register_at", "=", Number.MAX_SAFE_INTEGER);
      expect(await found.execute()).toEqual([{ id: row.id }]);
      const sums = store.reader
        .selectFrom("transactions")
        .select(({ fn }) => [fn.sum<number>("first_seq").as("sum"), fn.countAll<number>().as("count")]);
      expect(await sums.executeTakeFirst()).toEqual({ sum: 2 ** 40 + 7, count: 1 });
    });

    it("keeps a repeat of a meter value once, at each station", async () => {
      const insert = (row: Partial<Parameters<typeof meterValueRow>[1]>) =>
        store.write(
          store.reader
            .insertInto("meter_values")
            .values(meterValueRow(store, row))
            .onConflict((conflict) => conflict.doNothing()),
        );
      expect(await insert({})).toEqual([1]);
      expect(await insert({})).toEqual([0]);
      expect(await insert({ station_id: "CS-2" })).toEqual([1]);
      expect(await insert({ digest: 2 })).toEqual([1]);
      expect(await insert({ transaction: 7 })).toEqual([1]);
    });

    it("lets a 2.x station call its transaction as another does, and gives a number out once", async () => {
      const insert = (row: Partial<Parameters<typeof transactionRow>[1]>) =>
        store.write(store.reader.insertInto("transactions").values(transactionRow(store, row)));
      await insert({ transaction_id: "1", number: 1 });
      await insert({ transaction_id: "1", station_id: "CS-2" });
      await insert({ transaction_id: "2", station_id: "CS-2" });
      await expect(insert({ transaction_id: "1" })).rejects.toMatchObject({ code: "constraint" });
      await expect(insert({ transaction_id: "3", number: 1 })).rejects.toMatchObject({ code: "constraint" });
    });

    it("compares text by its bytes", async () => {
      for (const id of ["b", "A", "a", "B", "_"]) {
        await store.write(store.reader.insertInto("stations").values(stationRow({ id })));
      }
      const names = store.reader.selectFrom("stations").select("id").orderBy("id");
      expect((await names.execute()).map(({ id }) => id)).toEqual(["A", "B", "_", "a", "b"]);
      expect(await names.where("id", "like", "A%").execute()).toEqual([{ id: "A" }]);
    });

    it("runs a transaction whole or not at all", async () => {
      const row = counterRow("a", 1);
      await expect(
        store.transaction(async (db) => {
          await db.insertInto("counters").values(row).execute();
          throw new RangeError("no");
        }),
      ).rejects.toThrow(RangeError);
      expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([]);
      const answer = await store.transaction(async (db) => {
        await db.insertInto("counters").values(row).execute();
        return db.selectFrom("counters").selectAll().execute();
      });
      expect(answer).toEqual([row]);
      await expect(store.transaction((db) => db.insertInto("counters").values(row).execute())).rejects.toMatchObject({
        code: "constraint",
      });
    });

    it("runs transactions alone among the writers", async () => {
      await store.write(store.reader.insertInto("counters").values(counterRow("a")));
      const raise = store.reader.updateTable("counters").set(({ eb }) => ({ value: eb("value", "+", 1) }));
      const readThenWrite = (): Promise<void> =>
        store.transaction(async (db) => {
          const { value } = await db.selectFrom("counters").select("value").executeTakeFirstOrThrow();
          await sql`select 1`.execute(db);
          await db
            .updateTable("counters")
            .set({ value: value + 1 })
            .execute();
        });
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? store.write(raise) : readThenWrite())),
      );
      expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("a", 40)]);
    });

    it("lets a reader keep to one moment", async (context) => {
      if (!(await database.isServer())) context.skip("PGlite has one session");
      const snapshot = await store.reader.startTransaction().setIsolationLevel("repeatable read").execute();
      const seen = () => snapshot.selectFrom("counters").selectAll().execute();
      expect(await seen()).toEqual([]);
      await store.write(store.reader.insertInto("counters").values(counterRow("a")));
      expect(await seen()).toEqual([]);
      expect(await store.reader.selectFrom("counters").selectAll().execute()).toHaveLength(1);
      await snapshot.commit().execute();
    });

    it("takes no writes from a reader of SQLite", async () => {
      if (store.kind !== "sqlite") return;
      const write = store.reader.insertInto("counters").values(counterRow("a")).execute();
      await expect(write).rejects.toMatchObject({ code: "failed" });
    });

    it("gives ids that rise, also over a restart with a clock that went back", async () => {
      const late = manualClock({ start: Date.UTC(2030, 0, 1) });
      await store.close();
      store = await database.open({ clock: late, node: 5 });
      const row = eventRow(store);
      await store.write(insertEvent(row));
      await store.close();
      store = await database.open({ clock: manualClock({ start: Date.UTC(2026, 0, 1) }) });
      const ids = Array.from({ length: 1_000 }, () => store.nextId());
      expect(ids[0]).toBeGreaterThan(row.id);
      expect(ids.every((id, index) => Number.isSafeInteger(id) && (index === 0 || id > (ids[index - 1] ?? 0)))).toBe(
        true,
      );
    });

    it("gives out a number once, to many that ask at once and over a restart", async () => {
      const take = (count: number): Promise<number[]> =>
        Promise.all(Array.from({ length: count }, () => store.nextNumber("transaction")));
      const first = await take(120);
      expect(first).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      expect(await store.nextNumber("reservation")).toBe(1);
      await store.close();
      store = await database.open();
      const second = await take(10);
      expect(new Set([...first, ...second]).size).toBe(130);
      expect(Math.min(...second)).toBeGreaterThan(120);
    });

    it("answers a check", async () => {
      await expect(store.check()).resolves.toBeUndefined();
      await store.close();
      await expect(store.check()).rejects.toMatchObject({ name: "StoreError" });
    });

    it("writes a backup to a new file that only its owner can read", async () => {
      const folder = mkdtempSync(join(tmpdir(), "ocpp-csms-backup-"));
      const file = join(folder, "backup");
      await store.write(insertEvent(eventRow(store)));
      await store.backup(file);
      const { size, mode } = statSync(file);
      expect(size).toBeGreaterThan(200);
      expect(mode & 0o777).toBe(0o600);
      await expect(store.backup(file)).rejects.toMatchObject({ code: "failed" });
      expect(statSync(file).size).toBe(size);
      writeFileSync(join(folder, "other"), "");
      await expect(store.backup(join(folder, "none", "backup"))).rejects.toThrow();
      expect(existsSync(`${file}.part`)).toBe(false);
      rmSync(folder, { recursive: true });
    });
  });

  describe(`the tables of ${database.name}`, () => {
    afterEach(() => database.remove());

    it("are refused where a newer version made them", async () => {
      const store = await database.open();
      await store.transaction((db) =>
        sql`insert into schema_migrations (name, timestamp) values ('9999-later', '2030-01-01')`.execute(db),
      );
      await store.close();
      await expect(database.open()).rejects.toMatchObject({ code: "schema" });
    });

    it("are refused where they are of something else", async () => {
      const store = await database.open();
      await store.transaction((db) => db.schema.dropTable("schema_migrations").execute());
      await store.close();
      await expect(database.open()).rejects.toMatchObject({ code: "schema" });
    });
  });
}
