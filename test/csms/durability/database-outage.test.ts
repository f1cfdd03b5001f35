import Database from "libsql";
import { expect, it } from "vitest";
import { expectKept, expectTold } from "./audit.ts";
import { useCleanup } from "./cleanup.ts";
import { postgresDatabase, postgresMissing, sqliteDatabase, type TestDatabase, withClient } from "./database.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { pause } from "./pause.ts";
import { type Program, startProgram } from "./program.ts";
import { chanceOf, seedOf } from "./random.ts";
import { readiness } from "./readiness.ts";
import { openStallingProxy } from "./stalling-proxy.ts";

const cleanup = useCleanup();
const noPostgres = await postgresMissing();
const why = noPostgres === undefined ? "" : ` (${noPostgres})`;

interface Scene {
  readonly program: Program;
  readonly fleet: Fleet;
}

/** A CSMS on a database, with stations that are charging. */
async function charging(name: string, database: TestDatabase, variables: object = {}): Promise<Scene> {
  cleanup(() => database.remove());
  const chance = chanceOf(seedOf(name));
  const started = startProgram({ ...database.variables, ...variables });
  cleanup(() => started.kill());
  const program = await started.ready;
  const fleet = startFleet({ size: 12, chance, url: () => program.webSocketUrl });
  cleanup(() => fleet.abandon());
  await expect.poll(() => fleet.ledger.answered, { timeout: 20_000 }).toBeGreaterThan(200);
  return { program, fleet };
}

/** Expects that all goes on, that the stations get through what they have, and that it is all kept. */
async function expectRecovery(name: string, { program, fleet }: Scene, database: TestDatabase): Promise<void> {
  const { ledger } = fleet;
  const before = ledger.answered;
  await expect.poll(() => ledger.answered - before, { timeout: 20_000 }).toBeGreaterThan(200);
  await expect.poll(() => readiness(program.apiUrl), { timeout: 10_000 }).toBe(200);
  expect(program.running).toBe(true);
  await fleet.finish();
  process.stdout.write(
    `${name}: ${ledger.transactions.length} transactions, ${ledger.answered} answered, ${ledger.refused} refused (${[...ledger.codes].join(", ")})\n`,
  );
  await expectTold(program.apiUrl, ledger);
  expect(await program.stop()).toBe(0);
  await expectKept(database, ledger);
}

/** Within which time `/ready` answers, whatever the database does: probes of it do not wait for long. In milliseconds. */
const probe = 4_000;

/** Expects that nothing is answered for a while, and that `/ready` says so. */
async function expectStandstill({ program, fleet }: Scene, milliseconds: number): Promise<void> {
  const { ledger } = fleet;
  // What was under way may still be answered.
  await pause(500);
  const answered = ledger.answered;
  const end = Date.now() + milliseconds;
  await expect.poll(() => readiness(program.apiUrl, probe), { timeout: milliseconds + probe }).toBe(503);
  await pause(Math.max(0, end - Date.now()));
  expect(ledger.answered).toBe(answered);
  expect(program.running).toBe(true);
  expect((await fetch(new URL("/health", program.apiUrl))).status).toBe(200);
}

it.skipIf(noPostgres !== undefined)(
  `a CSMS whose PostgreSQL restarts says that it is not ready, answers nothing, and goes on by itself${why}`,
  async () => {
    const database = await postgresDatabase();
    const scene = await charging("PostgreSQL restarts", database);
    await withClient("postgres", async (client) => {
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`;
      // As a restart looks from outside: connections end, and for a while there are no new ones.
      await client.query(`alter database ${database.name} with allow_connections false`);
      await client.query(cut);
      await client.query(cut);
      await expectStandstill(scene, 3_000);
      await client.query(`alter database ${database.name} with allow_connections true`);
    });
    await expectRecovery("PostgreSQL restarts", scene, database);
  },
  120_000,
);

it.skipIf(noPostgres !== undefined)(
  `a CSMS whose connections to PostgreSQL are cut again and again loses nothing${why}`,
  async () => {
    const database = await postgresDatabase();
    const scene = await charging("PostgreSQL cuts", database);
    await withClient("postgres", async (client) => {
      for (let cut = 0; cut < 20; cut += 1) {
        await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`);
        await pause(150);
      }
    });
    await expectRecovery("PostgreSQL cuts", scene, database);
  },
  120_000,
);

it.skipIf(noPostgres !== undefined)(
  `a CSMS whose PostgreSQL holds up writes lets stations wait, says so, and goes on by itself${why}`,
  async () => {
    const database = await postgresDatabase();
    const scene = await charging("PostgreSQL is slow", database);
    await withClient(database.name, async (client) => {
      await client.query("begin");
      await client.query("lock table transactions in access exclusive mode");
      await expectStandstill(scene, 5_000);
      await client.query("commit");
    });
    await expectRecovery("PostgreSQL is slow", scene, database);
  },
  120_000,
);

it.skipIf(noPostgres !== undefined)(
  `a CSMS that hears nothing from PostgreSQL lets stations wait, says so, and goes on by itself${why}`,
  async () => {
    const database = await postgresDatabase();
    const proxy = await openStallingProxy(5_432);
    cleanup(() => proxy.close());
    const scene = await charging("PostgreSQL is silent", database, { DB_PORT: String(proxy.port) });
    proxy.stall();
    await expectStandstill(scene, 5_000);
    proxy.resume();
    await expectRecovery("PostgreSQL is silent", scene, database);
  },
  120_000,
);

it("a CSMS whose SQLite file is held by something else lets stations wait, says so, and goes on by itself", async () => {
  const database = await sqliteDatabase();
  const scene = await charging("SQLite is slow", database);
  const other = new Database(database.file, { timeout: 5_000 });
  cleanup(() => other.close());
  other.exec("begin immediate");
  await expectStandstill(scene, 4_000);
  other.exec("rollback");
  await expectRecovery("SQLite is slow", scene, database);
}, 120_000);
