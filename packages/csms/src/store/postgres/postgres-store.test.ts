import { Client, type QueryResult } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../open-store.ts";
import { counterRow } from "../rows.fixture.ts";
import { databases, type TestDatabase } from "../store.fixture.ts";
import type { Store } from "../store.ts";
import type { PostgresOptions, StoreProblem } from "../store-options.ts";

const database = databases.find(({ kind }) => kind === "postgres") as TestDatabase;
let store: Store;
let problems: StoreProblem[];
let admin: Client | undefined;

async function locate(): Promise<PostgresOptions> {
  const location = await database.location();
  if (location.kind !== "postgres") throw new TypeError("PostgreSQL was expected");
  return location;
}

beforeEach(async (context) => {
  if (!(await database.isServer())) context.skip("PGlite has one session: this needs a server");
  problems = [];
  store = await database.open({ report: (problem) => problems.push(problem) });
  const { url, host, port, user, database: name } = await locate();
  admin = new Client(url ?? { host, port, user, database: name });
  await admin.connect();
});

afterEach(async () => {
  await admin?.end();
  admin = undefined;
  await database.remove();
});

const ask = (text: string): Promise<QueryResult> => {
  if (admin === undefined) throw new TypeError("There is no connection");
  return admin.query(text);
};
const terminate = (): Promise<unknown> =>
  ask(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
const insert = (name: string) => store.reader.insertInto("counters").values(counterRow(name));

describe("a store on PostgreSQL", () => {
  it("goes on after its connections were lost while they were idle", async () => {
    await store.write(insert("a"));
    await store.check();
    await terminate();
    // One of the readers, one of the writers, and the one that commits.
    await expect.poll(() => problems.length).toBe(3);
    await store.write(insert("b"));
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toHaveLength(2);
  });

  it("rejects writes whose connection is lost, and goes on", async () => {
    await ask("begin");
    await ask("lock table counters in exclusive mode");
    const first = store.write(insert("a"));
    const second = store.write(insert("b"));
    await expect
      .poll(async () => (await ask("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount)
      .toBe(1);
    const third = store.write(insert("c"));
    const results = Promise.allSettled([first, second, third]);
    await terminate();
    expect((await results).map((result) => (result as PromiseRejectedResult).reason.code)).toEqual([
      "unavailable",
      "unavailable",
      "unavailable",
    ]);
    await ask("rollback");
    await store.write(insert("d"));
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("d")]);
  });

  it("rejects a transaction whose connection is lost, and goes on", async () => {
    const work = store.transaction(async (db) => {
      await db.insertInto("counters").values(counterRow("a")).execute();
      await terminate();
      await db.selectFrom("counters").selectAll().execute();
    });
    await expect(work).rejects.toMatchObject({ code: "unavailable" });
    // The connection that commits was lost, too, which may not have been noticed yet.
    await expect.poll(() => store.write(insert("b")).catch(() => "lost")).toEqual([1]);
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("b")]);
  });

  it("compiles a statement again that failed before it was compiled", async () => {
    const write = { sql: "insert into later (id) values ($1)", parameters: [1] };
    const good = insert("a").compile();
    await expect(store.write(good, write)).rejects.toMatchObject({ code: "failed" });
    await ask("create table later (id integer)");
    expect(await store.write(good, write)).toEqual([1, 1]);
    expect(await store.write({ ...write, parameters: [2] })).toEqual([1]);
  });

  it("refuses a value that does not fit, and only its unit", async () => {
    const bad = { sql: "insert into counters (name, value) values ($1, $2)", parameters: ["x", 2 ** 63] };
    const results = await Promise.allSettled([
      store.write(insert("a")),
      store.write(bad),
      store.write({ ...bad, parameters: ["\u0000", 1] }),
      store.write({ ...bad, parameters: ["y", "many"] }),
      store.write(insert("b")),
    ]);
    expect(results.map((result) => (result.status === "fulfilled" ? "kept" : result.reason.code))).toEqual([
      "kept",
      "constraint",
      "constraint",
      "constraint",
      "kept",
    ]);
  });

  it("tries again what PostgreSQL gave up in favour of another transaction", async () => {
    await store.write(insert("a"), insert("b"));
    await ask("begin");
    await ask("set local deadlock_timeout = '10s'");
    await ask("update counters set value = 10 where name = 'b'");
    const raise = (name: string) =>
      store.reader
        .updateTable("counters")
        .set(({ eb }) => ({ value: eb("value", "+", 1) }))
        .where("name", "=", name);
    const write = store.write(raise("a"), raise("b"));
    await expect
      .poll(async () => (await ask("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount)
      .toBe(1);
    await ask("update counters set value = value + 10 where name = 'a'");
    await ask("commit");
    expect(await write).toEqual([1, 1]);
    expect(await store.reader.selectFrom("counters").selectAll().orderBy("name").execute()).toEqual([
      counterRow("a", 11),
      counterRow("b", 11),
    ]);
  });

  it("gives no number to two processes", async () => {
    const other = await database.open();
    const taken = await Promise.all(
      Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? store : other).nextNumber("transaction")),
    );
    expect(new Set(taken).size).toBe(300);
  });

  it("keeps transactions of two processes apart", async () => {
    const other = await database.open();
    await store.write(insert("a"));
    const raise = (of: Store): Promise<void> =>
      of.transaction(async (db) => {
        const { value } = await db.selectFrom("counters").select("value").executeTakeFirstOrThrow();
        await db
          .updateTable("counters")
          .set({ value: value + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => raise(index % 2 === 0 ? store : other)));
    expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("a", 40)]);
  });

  it("brings the tables up to date once where several processes start at the same time", async () => {
    await admin?.end();
    await database.remove();
    const { kind, ...place } = await locate();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openStore({ kind, ...place })));
    for (const one of opened) {
      await one.check();
      await one.close();
    }
    admin = new Client(place.url ?? { ...place });
    await admin.connect();
  });

  it("says that a server that is not there is unavailable", async () => {
    const opening = openStore({ kind: "postgres", host: "127.0.0.1", port: 1, user: "nobody", database: "none" });
    await expect(opening).rejects.toMatchObject({ code: "unavailable" });
  });
});
