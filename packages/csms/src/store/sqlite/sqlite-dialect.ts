import {
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
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
}

function linkTo(thread: ThreadClient): Link {
  return {
    number: 0,
    async executeQuery<Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
      const answer = await thread.query(this.number, sql, parameters);
      const result: QueryResult<Row> = { rows: rowsOf(answer) as Row[] };
      return answer.changes === undefined ? result : { ...result, numAffectedRows: BigInt(answer.changes) };
    },
    streamQuery() {
      throw new Error("This store does not stream: read pages, each from the last id of the one before");
    },
  };
}

function threadDriver(thread: ThreadClient, snapshots: boolean): Driver {
  const command = async (link: DatabaseConnection, sql: string): Promise<void> => {
    await thread.query((link as Link).number, sql, []);
  };
  const end = async (link: DatabaseConnection, sql: "commit" | "rollback"): Promise<void> => {
    const ours = link as Link;
    if (snapshots) {
      await thread.end(ours.number);
      ours.number = 0;
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
      if (snapshots) (link as Link).number = await thread.begin();
      else await command(link, "begin immediate");
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
 * it was, for the reader; without, it is the thread's transaction and nothing else may be asked of the thread meanwhile.
 */
export function threadDialect(thread: ThreadClient, { snapshots }: { readonly snapshots: boolean }): Dialect {
  return {
    createAdapter: () => adapter,
    createDriver: () => threadDriver(thread, snapshots),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
