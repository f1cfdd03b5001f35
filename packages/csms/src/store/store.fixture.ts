import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import type { CommonStoreOptions, PostgresOptions, SqliteOptions } from "./store-options.ts";

/** A database of the test's own, made when it is first asked for. */
export interface TestDatabase {
  /** SQLite or PostgreSQL. */
  readonly name: string;
  readonly kind: Store["kind"];
  /** Opens a store on it. What an earlier store of this database kept is there until `remove`. */
  open(options?: CommonStoreOptions): Promise<Store>;
  /** Whether several connections can work at once, and be ended by an administrator; PGlite has one session. */
  isServer(): Promise<boolean>;
  /** What `openStore` takes, for another process. */
  location(): Promise<SqliteOptions | PostgresOptions>;
  /** Closes all stores that are open on it, and makes it go away; `open` makes a new one then. */
  remove(): Promise<void>;
}

interface Place {
  readonly isServer: boolean;
  readonly location: SqliteOptions | PostgresOptions;
  remove(): unknown;
}

function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "ocpp-csms-test-"));
  return Promise.resolve({
    isServer: true,
    location: { kind: "sqlite", file: join(folder, "csms.db") },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  });
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (yes: boolean) => (): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

async function runOn(url: string, ...commands: readonly string[]): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    for (const command of commands) await client.query(command);
  } finally {
    await client.end();
  }
}

/**
 * Makes places on a server that is there: one database for all test files of this process, emptied after each use, because
 * making and dropping one takes a second. `test/test-databases.ts` drops it when the run of the tests is over.
 */
function serverPlaces(server: string): () => Promise<Place> {
  const name = `ocpp_test_${process.env["OCPP_TEST_RUN"] ?? "alone"}_${process.pid}_${randomBytes(4).toString("hex")}`;
  const own = new URL(server);
  own.pathname = `/${name}`;
  const url = own.href;
  let made: Promise<void> | undefined;
  const others =
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  return async () => {
    made ??= runOn(server, `create database ${name}`);
    await made;
    return {
      isServer: true,
      location: { kind: "postgres", url },
      remove: () => runOn(url, others, "drop schema public cascade", "create schema public"),
    };
  };
}

/** PostgreSQL inside this process, for machines that have none. */
async function embeddedPlace(): Promise<Place> {
  const { PGlite } = await import("@electric-sql/pglite");
  const { PGLiteSocketServer } = await import("@electric-sql/pglite-socket");
  const db = await PGlite.create();
  const server = new PGLiteSocketServer({ db, port: 0, maxConnections: 20 });
  await server.start();
  const port = Number(server.getServerConn().split(":").at(-1));
  return {
    isServer: false,
    location: { kind: "postgres", host: "127.0.0.1", port, user: "postgres", database: "postgres" },
    remove: async () => {
      await server.stop();
      await db.close();
    },
  };
}

function postgresPlaces(): () => Promise<Place> {
  const url = process.env["OCPP_TEST_POSTGRES"];
  if (url === "pglite") return embeddedPlace;
  const serverPlace = serverPlaces(url ?? "postgres://postgres@127.0.0.1:5432/postgres");
  return async () => (url !== undefined || (await answers("127.0.0.1", 5432)) ? serverPlace() : embeddedPlace());
}

function testDatabase(name: string, kind: Store["kind"], makePlace: () => Promise<Place>): TestDatabase {
  let place: Promise<Place> | undefined;
  let stores: Store[] = [];
  const current = (): Promise<Place> => {
    place ??= makePlace();
    return place;
  };
  const location = async (): Promise<SqliteOptions | PostgresOptions> => (await current()).location;
  return {
    name,
    kind,
    location,
    isServer: async () => (await current()).isServer,
    open: async (options = {}) => {
      const store = await openStore({ ...options, ...(await location()) });
      stores.push(store);
      return store;
    },
    remove: async () => {
      for (const store of stores) await store.close();
      stores = [];
      const made = place;
      place = undefined;
      if (made !== undefined) await (await made).remove();
    },
  };
}

/**
 * The databases that a suite of the store runs on. Use it as
 * `for (const database of databases) describe(database.name, () => { afterEach(() => database.remove()); … })`.
 * PostgreSQL is the server of `OCPP_TEST_POSTGRES`, else the one at 127.0.0.1:5432 where it answers, else PGlite,
 * which is also what the variable's value `pglite` asks for.
 */
export const databases: readonly TestDatabase[] = [
  testDatabase("SQLite", "sqlite", sqlitePlace),
  testDatabase("PostgreSQL", "postgres", postgresPlaces()),
];
