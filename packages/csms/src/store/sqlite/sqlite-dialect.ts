import {
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { StoreError } from "../store-error.ts";
import type { BusyWait } from "./busy-wait.ts";
import type { ThreadClient } from "./thread-client.ts";
import type { QueryAnswer } from "./thread-messages.ts";

function rowsOf({ columns, values }: QueryAnswer): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (let at = 0; at < values.length; ) {
    const row: Record<string, unknown> = {};
    for (const column of columns) {
      row[column] = values[at];
      at += 1;
    }
    rows.push(row);
  }
  return rows;
}

interface Link extends DatabaseConnection {
  /** The connection of the thread that the queries go to. */
  number: number;
  /** The thread on which its transaction began; undefined while there is none. */
  thread: number | undefined;
}

function linkTo(thread: ThreadClient): Link {
  return {
    number: 0,
    thread: undefined,
    async executeQuery<Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
      // Outside of its transaction a query would be committed alone.
      if (this.thread !== undefined && this.thread !== thread.thread) {
        throw new StoreError("unavailable", "The transaction ended with the thread of the database");
      }
      const answer = await thread.query(this.number, sql, parameters);
      const result: QueryResult<Row> = { rows: rowsOf(answer) as Row[] };
      return answer.changes === undefined ? result : { ...result, numAffectedRows: BigInt(answer.changes) };
    },
    streamQuery() {
      throw new Error("This store does not stream: read pages, each from the last id of the one before");
    },
  };
}

function threadDriver(thread: ThreadClient, snapshots: boolean, free: BusyWait): Driver {
  const command = async (link: DatabaseConnection, sql: string): Promise<void> => {
    await thread.query((link as Link).number, sql, []);
  };
  const end = async (link: DatabaseConnection, sql: "commit" | "rollback"): Promise<void> => {
    const ours = link as Link;
    const { number } = ours;
    const there = ours.thread === thread.thread;
    ours.number = 0;
    ours.thread = undefined;
    if (!there) {
      if (sql === "commit")
        throw new StoreError("unavailable", "The transaction ended with the thread of the database");
    } else if (snapshots) {
      await thread.end(number);
    } else if (sql === "commit") {
      await command(link, sql);
    } else {
      // After some failures SQLite has rolled back by itself and refuses to do it again; what failed is told anyway.
      await command(link, sql).catch(() => {});
    }
  };
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(linkTo(thread)),
    beginTransaction: async (link) => {
      const ours = link as Link;
      if (snapshots) ours.number = await thread.begin();
      else await free(() => command(link, "begin immediate"));
      ours.thread = thread.thread;
    },
    commitTransaction: (link) => end(link, "commit"),
    rollbackTransaction: (link) => end(link, "rollback"),
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
}

const adapter: DialectAdapter = {
  supportsCreateIfNotExists: true,
  supportsTransactionalDdl: true,
  supportsReturning: true,
  // The lock of the file keeps other processes away.
  acquireMigrationLock: () => Promise.resolve(),
  releaseMigrationLock: () => Promise.resolve(),
};

/**
 * Kysely's way to a database thread. With `snapshots`, a transaction gets a connection of its own that sees the database as
 * it was, for the reader; without, it is the thread's transaction and nothing else may be asked of the thread meanwhile, and
 * `free` waits for the file where another process writes.
 */
export function threadDialect(
  thread: ThreadClient,
  { snapshots, free }: { readonly snapshots: boolean; readonly free: BusyWait },
): Dialect {
  return {
    createAdapter: () => adapter,
    createDriver: () => threadDriver(thread, snapshots, free),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
