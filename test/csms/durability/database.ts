import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { Client, types } from "pg";

/** A row as the database gives it, numbers as numbers. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A database of a test, and what points the program to it. */
export interface TestDatabase {
  readonly kind: "sqlite" | "postgres";
  readonly variables: Readonly<Record<string, string>>;
  /** Looks into it, past the program, which must have let go of it where it is a file. */
  rows(sql: string): Promise<Row[]>;
  remove(): Promise<void>;
}

/** A SQLite file in a folder, which is made and removed unless it is given. */
export async function sqliteDatabase(given?: string): Promise<TestDatabase & { readonly file: string }> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), "ocpp-durability-")));
  const file = join(folder, "ocpp.db");
  return {
    kind: "sqlite",
    file,
    variables: { DB_TYPE: "sqlite", OCPP_CSMS_DATA: folder },
    rows: async (sql) => {
      const db = new Database(file);
      try {
        return db.prepare(sql).all() as Row[];
      } finally {
        db.close();
      }
    },
    remove: async () => {
      if (given === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

const server = { host: "127.0.0.1", port: 5432, user: "postgres", password: "postgres" };

/** Runs statements on a PostgreSQL database of the server that tests use. */
export async function withClient<T>(database: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...server, database, connectionTimeoutMillis: 5_000 });
  // The test may end connections on purpose, its own among them.
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Why there is no PostgreSQL to test with; undefined where there is. */
export async function postgresMissing(): Promise<string | undefined> {
  try {
    await withClient("postgres", (client) => client.query("select 1"));
    return undefined;
  } catch (error) {
    return `no PostgreSQL at ${server.host}:${server.port} lets postgres in: ${(error as Error).message}`;
  }
}

/** A PostgreSQL database of its own, in a tablespace where one is given, which is dropped afterwards. */
export async function postgresDatabase(space?: string): Promise<TestDatabase & { readonly name: string }> {
  const name = `ocpp_durability_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const where = space === undefined ? "" : ` tablespace ${space}`;
  await withClient("postgres", (client) => client.query(`create database ${name}${where}`));
  return {
    kind: "postgres",
    name,
    variables: {
      DB_TYPE: "postgres",
      DB_HOST: server.host,
      DB_PORT: String(server.port),
      DB_USER: server.user,
      DB_PASSWORD: server.password,
      DB_NAME: name,
    },
    rows: (sql) =>
      withClient(name, async (client) => {
        // `pg` gives 64-bit integers as text, since not all of them fit a number; ours do.
        client.setTypeParser(types.builtins.INT8, Number);
        const { rows } = await client.query<Row>(sql);
        return rows;
      }),
    remove: async () => {
      await withClient("postgres", (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
