import { openStore, type Store, StoreError } from "@ocpp/csms";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { expectKept, expectTold } from "../durability/audit.ts";
import { useCleanup } from "../durability/cleanup.ts";
import { postgresDatabase, postgresMissing, sqliteDatabase, withClient } from "../durability/database.ts";
import { startFleet } from "../durability/fleet.ts";
import { pause } from "../durability/pause.ts";
import { startProgram } from "../durability/program.ts";
import { chanceOf, seedOf } from "../durability/random.ts";
import { readiness } from "../durability/readiness.ts";
import { openStallingProxy, type StallingProxy } from "../durability/stalling-proxy.ts";
import { startStopwatch } from "./flood.ts";
import { full, scaled } from "./scale.ts";

const cleanup = useCleanup();
const noPostgres = await postgresMissing();
const why = noPostgres === undefined ? "" : ` (${noPostgres})`;

/** The setting `store.timeout`, in seconds. */
const timeout = scaled(1, 5);
/** What a busy machine may add, in milliseconds. */
const margin = 1_500;

/** How long it takes until a promise is settled, and how. */
async function timed<T>(
  promise: Promise<T>,
): Promise<{ readonly result: T | StoreError; readonly milliseconds: number }> {
  const since = performance.now();
  const result = await promise.catch((error: unknown) => {
    if (error instanceof StoreError) return error;
    throw error;
  });
  return { result, milliseconds: performance.now() - since };
}

interface Scene {
  readonly store: Store;
  readonly proxy: StallingProxy;
  readonly database: string;
}

/** A store behind a network that can be made to swallow everything. */
async function openScene(): Promise<Scene> {
  const made = await postgresDatabase();
  const { name } = made;
  cleanup(() => made.remove());
  const proxy = await openStallingProxy(5_432);
  cleanup(() => proxy.close());
  const store = await openStore({
    kind: "postgres",
    host: "127.0.0.1",
    port: proxy.port,
    user: "postgres",
    password: "postgres",
    database: name,
    timeout: timeout * 1_000,
  });
  cleanup(() => store.close(500));
  return { store, proxy, database: name };
}

const put = (store: Store, name: string, value: number): Promise<readonly number[]> =>
  store.write(
    store.reader
      .insertInto("counters")
      .values({ name, value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value })),
  );
const valueOf = async (store: Store, name: string): Promise<number | undefined> =>
  (await store.reader.selectFrom("counters").select("value").where("name", "=", name).executeTakeFirst())?.value;

describe.skipIf(noPostgres !== undefined)(`a connection of PostgreSQL that hangs${why}`, () => {
  it("is given up in time, for writes, reads and numbers; what was sent over it never overwrites what comes after", async () => {
    const { store, proxy } = await openScene();
    await put(store, "a", 1);
    expect(await valueOf(store, "a")).toBe(1);
    await store.nextNumber("n");
    proxy.freeze();
    const [write, read] = await Promise.all([timed(put(store, "a", 2)), timed(valueOf(store, "a"))]);
    expect([write.result, read.result]).toMatchObject([{ code: "unavailable" }, { code: "unavailable" }]);
    for (const { milliseconds } of [write, read]) expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
    // New connections work.
    expect(await put(store, "a", 3)).toEqual([1]);
    expect(await valueOf(store, "a")).toBe(3);
    // What the network has held back arrives now.
    proxy.resume();
    await pause(500);
    expect(await valueOf(store, "a")).toBe(3);
    await store.check();
  });

  it("is told from a query that takes long", async () => {
    const { store } = await openScene();
    const { result } = await timed(
      store.reader
        .selectNoFrom((eb) => eb.fn<string>("pg_sleep", [eb.val(timeout * 2.5)]).as("slept"))
        .executeTakeFirst(),
    );
    expect(result).not.toBeInstanceOf(StoreError);
  });

  it("belongs to a server process that was stopped: its place is taken, and nothing is doubled when it goes on", async () => {
    const { store, database } = await openScene();
    await put(store, "a", 1);
    const pids = await withClient("postgres", async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where datname = $1 and query like 'insert into \"counters\"%'",
        [database],
      );
      return rows.map(({ pid }) => pid);
    });
    expect(pids).toHaveLength(1);
    const signal = (name: NodeJS.Signals): void => {
      for (const pid of pids) {
        try {
          process.kill(pid, name);
        } catch {
          // It has ended.
        }
      }
    };
    cleanup(() => signal("SIGCONT"));
    signal("SIGSTOP");
    const { result, milliseconds } = await timed(put(store, "a", 2));
    expect(result).toMatchObject({ code: "unavailable" });
    expect(milliseconds).toBeLessThan(timeout * 1_000 + margin);
    expect(await put(store, "a", 3)).toEqual([1]);
    signal("SIGCONT");
    await pause(500);
    expect(await valueOf(store, "a")).toBe(3);
  });

  it("closes in time with a count of what was not persisted, and bounds what waits", async () => {
    const { store, proxy } = await openScene();
    await put(store, "a", 1);
    proxy.stall();
    const text = "x".repeat(100_000);
    const write = {
      sql: "insert into logs (id, at, level, source, message) values ($1, 0, 'INFO', 'System', $2)",
      parameters: [1, text],
    };
    const outcomes = Array.from({ length: 1_500 }, (_none, id) =>
      store.write({ ...write, parameters: [id, text] }).then(
        () => "kept",
        (error: StoreError) => error.code,
      ),
    );
    const since = performance.now();
    const { lost } = await store.close(800);
    expect(performance.now() - since).toBeLessThan(800 + margin);
    const codes = await Promise.all(outcomes);
    // 64 million characters may wait beside what is under way; the rest was refused at once.
    expect(codes.filter((code) => code === "unavailable").length).toBeGreaterThan(500);
    expect(lost.get("logs")).toBe(codes.filter((code) => code === "closed").length);
    expect(lost.get("counters")).toBeUndefined();
  });
});

const databases = [
  { name: "PostgreSQL that says nothing", missing: noPostgres },
  { name: "SQLite whose file another process holds", missing: undefined },
];

/** The short form does without the second, which is not counted as skipped then. */
describe.each(full ? databases : databases.slice(0, 1))("a CSMS on $name", ({ name, missing }) => {
  it.skipIf(missing !== undefined)(
    `answers every message in time, is not ready, recovers by itself, and loses and doubles nothing${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const postgres = name.startsWith("PostgreSQL");
      const database = postgres ? await postgresDatabase() : await sqliteDatabase();
      cleanup(() => database.remove());
      const proxy = await openStallingProxy(5_432);
      cleanup(() => proxy.close());
      const started = startProgram({
        ...database.variables,
        ...(postgres ? { DB_PORT: String(proxy.port) } : {}),
        OCPP_CSMS_STORE_TIMEOUT: String(timeout),
      });
      cleanup(() => started.kill());
      const program = await started.ready;
      const fleet = startFleet({ size: 12, chance: chanceOf(seedOf(name)), url: () => program.webSocketUrl });
      cleanup(() => fleet.abandon());
      const watch = await startStopwatch(program.webSocketUrl, 5);
      cleanup(() => watch.end().catch(() => {}));
      await expect.poll(() => fleet.ledger.answered, { timeout: 20_000 }).toBeGreaterThan(50);

      const other = "file" in database ? new Database(database.file, { timeout: 5_000 }) : undefined;
      cleanup(() => other?.close());
      if (other === undefined) proxy.stall();
      else other.exec("begin immediate");
      await pause(scaled(4_000, 35_000));
      expect(await readiness(program.apiUrl, 4_000)).toBe(503);
      const { refused } = watch;
      const slowest = watch.slowest();
      if (other === undefined) proxy.resume();
      else other.exec("rollback");
      process.stdout.write(`${name}: the slowest of ${watch.answered} answers took ${Math.round(slowest)} ms\n`);
      expect(refused).toBeGreaterThan(0);
      // Up to once for its turn, and once for the database.
      expect(slowest).toBeLessThan(2 * timeout * 1_000 + margin);

      await expect.poll(() => readiness(program.apiUrl), { timeout: 10_000 }).toBe(200);
      const before = fleet.ledger.answered;
      await expect.poll(() => fleet.ledger.answered - before, { timeout: 20_000 }).toBeGreaterThan(50);
      await fleet.finish();
      await expectTold(program.apiUrl, fleet.ledger);
      await watch.end();
      expect(await program.stop()).toBe(0);
      // Thousands of messages fail with one error, which is told once a minute.
      const lines = program.output.split("\n").filter((line) => line.includes("A message could not be processed"));
      expect(lines.length).toBeLessThan(60);
      await expectKept(database, fleet.ledger);
    },
  );
});
