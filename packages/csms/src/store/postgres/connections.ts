import type { PostgresPool, PostgresPoolClient } from "kysely";
import { Pool, type PoolClient, type PoolConfig, types } from "pg";
import type { CommonStoreOptions, PostgresOptions } from "../store-options.ts";
import { postgresError } from "./postgres-error.ts";

/** The type numbers of bigint, and of numeric, which sums of bigint are. */
const numberTypes: ReadonlySet<number> = new Set([20, 1700]);

/** How long a statement may take, in milliseconds. */
export const statementTimeout = 30_000;

/** Reads numbers as numbers. */
const getTypeParser = ((...of: Parameters<typeof types.getTypeParser>) =>
  numberTypes.has(of[0]) ? Number : types.getTypeParser(...of)) as typeof types.getTypeParser;

/**
 * Makes a pool of connections. It never throws errors of idle connections at the process: such are replaced when the next
 * one is needed.
 */
export function createPool(options: CommonStoreOptions & PostgresOptions, size: number): Pool {
  const { url, host, port, user, password, database, ssl } = options;
  const config: PoolConfig = {
    connectionString: url,
    host,
    port,
    user,
    password,
    database,
    ssl: typeof ssl === "object" ? { ...ssl } : ssl,
    max: size,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeout,
    // For a server that does not answer at all: later than the server would give up.
    query_timeout: statementTimeout + 5_000,
    application_name: "ocpp-csms",
    types: { getTypeParser },
  };
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const pool = new Pool(Object.fromEntries(given));
  pool.on("error", (error) => {
    if (!pool.ending) options.report?.({ what: "An idle connection to the database was lost", error });
  });
  // A connection that breaks while it is lent out tells by the query that fails; without a listener it would end the process.
  pool.on("connect", (client) => {
    client.on("error", () => {});
  });
  return pool;
}

/** A pool as Kysely uses it, whose errors are StoreErrors. */
export function kyselyPool(pool: Pool): PostgresPool {
  const lent = new WeakMap<PoolClient, PostgresPoolClient>();
  const guarded = <T>(promise: Promise<T>): Promise<T> =>
    promise.catch((error: unknown) => {
      throw postgresError(error);
    });
  const wrap = (client: PoolClient): PostgresPoolClient => {
    const known = lent.get(client);
    if (known !== undefined) return known;
    const made = {
      query: (sql: string, parameters: readonly unknown[]) => guarded(client.query(sql, [...parameters])),
      release: () => client.release(),
    } as unknown as PostgresPoolClient;
    lent.set(client, made);
    return made;
  };
  return { connect: async () => wrap(await guarded(pool.connect())), end: () => pool.end() };
}
