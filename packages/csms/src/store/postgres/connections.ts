import type { Clock } from "@ocpp/core";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import { Pool, type PoolClient, type PoolConfig, types } from "pg";
import { endsWithin } from "../ends-within.ts";
import type { CommonStoreOptions, PostgresOptions } from "../store-options.ts";
import { postgresError, sqlState } from "./postgres-error.ts";
import { cutConnection, type SilenceWatch } from "./silence.ts";

/** The type numbers of bigint, and of numeric, which sums of bigint are. */
const numberTypes: ReadonlySet<number> = new Set([20, 1700]);

/** How long a statement may take that is not known to be quick, in milliseconds. */
const statementTimeout = 30_000;

/** How many milliseconds a connection is quiet before the system looks whether the other side is still there. */
const keepAliveDelay = 10_000;

/** How the connections of a pool are, in milliseconds. */
export interface PoolLimits {
  readonly size: number;
  /** How long one may take to come, be it a new one or one that others use. */
  readonly connect: number;
  /** How long a statement may take; 30,000 unless given. */
  readonly statement?: number | undefined;
  /** How long its answer is waited for at most; 5,000 longer unless given. */
  readonly answer?: number | undefined;
}

/** Connections to a database. */
export interface Connections {
  readonly pool: Pool;
  /** Ends all of them, those that are in use when they are given back; what is left after so many milliseconds is cut. */
  end(clock: Clock, timeout: number | undefined): Promise<void>;
}

/** Reads numbers as numbers. */
const getTypeParser = ((...of: Parameters<typeof types.getTypeParser>) =>
  numberTypes.has(of[0]) ? Number : types.getTypeParser(...of)) as typeof types.getTypeParser;

/**
 * Makes a pool of connections. It never throws errors of idle connections at the process: such are replaced when the next
 * one is needed.
 */
export function openConnections(options: CommonStoreOptions & PostgresOptions, limits: PoolLimits): Connections {
  const { url, host, port, user, password, database, ssl } = options;
  const { size, connect, statement = statementTimeout, answer = statement + 5_000 } = limits;
  const config: PoolConfig = {
    connectionString: url,
    host,
    port,
    user,
    password,
    database,
    ssl: typeof ssl === "object" ? { ...ssl } : ssl,
    max: size,
    connectionTimeoutMillis: connect,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelay,
    statement_timeout: statement,
    // For a server that does not answer at all: later than the server would give up.
    query_timeout: answer,
    application_name: "ocpp-csms",
    types: { getTypeParser },
  };
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const pool = new Pool(Object.fromEntries(given));
  const open = new Set<PoolClient>();
  pool.on("error", (error) => {
    if (!pool.ending) options.report?.({ what: "An idle connection to the database was lost", error });
  });
  // A connection that breaks while it is lent out tells by the query that fails; without a listener it would end the process.
  pool.on("connect", (client) => {
    open.add(client);
    client.on("error", () => {});
  });
  pool.on("remove", (client) => {
    open.delete(client);
  });
  return {
    pool,
    end: async (clock, timeout) => {
      if (await endsWithin(clock, pool.ending ? Promise.resolve() : pool.end(), timeout)) return;
      for (const client of open) cutConnection(client, "The store is closed");
    },
  };
}

/** A pool as Kysely uses it, whose errors are StoreErrors, and which gives up connections that have hung. */
export function kyselyPool(pool: Pool, silence: SilenceWatch): PostgresPool {
  const lent = new WeakMap<PoolClient, PostgresPoolClient>();
  /** Those that failed where the server did not: what their queries still do is not known, so they are not lent out again. */
  const broken = new WeakSet<PoolClient>();
  const wrap = (client: PoolClient): PostgresPoolClient => {
    const known = lent.get(client);
    if (known !== undefined) return known;
    const made = {
      query: (sql: string, parameters: readonly unknown[]) =>
        silence.heed(client, client.query(sql, [...parameters])).catch((error: unknown) => {
          if (sqlState(error) === "") broken.add(client);
          throw postgresError(error);
        }),
      release: () => client.release(broken.has(client)),
    } as unknown as PostgresPoolClient;
    lent.set(client, made);
    return made;
  };
  return {
    connect: async () => {
      try {
        return wrap(await pool.connect());
      } catch (error) {
        throw postgresError(error);
      }
    },
    end: () => pool.end(),
  };
}
