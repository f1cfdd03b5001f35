import type { Kysely, Transaction } from "kysely";
import type { Tables } from "./tables/tables.ts";

/**
 * One statement that changes something, with its parameters. Made by `Store.prepare`, or any Kysely query that is not a
 * select.
 */
export interface Write {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A Kysely query that can be written: `write` compiles it. For what happens seldom; else `prepare`. */
export interface WriteQuery {
  compile(): Write;
}

/** Stands for the parameter `name` of a prepared statement, with the type of the column that it is put in. */
export type Placeholders<Row> = { readonly [K in keyof Row]: Row[K] };

/** The database: SQLite or PostgreSQL behind one interface. */
export interface Store {
  readonly kind: "sqlite" | "postgres";
  /** For selects only. They see what is committed; none holds up a write. Rows come with numbers as numbers. */
  readonly reader: Kysely<Tables>;
  /**
   * Persists the writes atomically and resolves once they are durable, with how many rows each changed. Calls that come while
   * a commit is under way share the next one. Rejects with a StoreError: where a write is refused (`constraint`), only that
   * call fails; where nothing can be persisted (`full`, `unavailable`), all that wait do. A write that was rejected with
   * `unavailable` may still be persisted until a later call succeeds, and not after it: whoever looks whether it was waits for
   * such a call first.
   */
  write(...writes: readonly (Write | WriteQuery)[]): Promise<readonly number[]>;
  /**
   * Persists a write with the next commit, in the order of the calls, and reports a failure instead of throwing: for logs.
   * Where more than 100,000 wait, or more than 64 Mi characters, it drops what comes and reports how many. With `later`, for
   * high volumes, a few commits of writes that callers wait for may go first, so that many of its rows are inserted into the
   * indexes together; such writes keep their order among themselves, and a `transaction` comes after all that were appended
   * before it.
   */
  append(write: Write, options?: { readonly later?: boolean | undefined }): void;
  /** How many appended writes were lost since the store was opened: dropped, refused, or the database was away. */
  readonly lost: number;
  /**
   * Compiles a statement once, for what happens often: in `prepare<LogRow>((db, row) => db.insertInto("logs").values(row))`
   * each `row.level` stands for a parameter, and the result takes a row and gives a `Write`.
   */
  prepare<Row extends object>(build: (db: Kysely<Tables>, row: Placeholders<Row>) => WriteQuery): (row: Row) => Write;
  /**
   * Runs work with reads and writes in one transaction, alone among the writers: for rare work. All other writes
   * wait until it is through, so the work must wait for nothing but its `db`: a `write` or `nextNumber` in it would never
   * be served.
   */
  transaction<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** A new id: a positive safe integer, higher than all before it, also over restarts. */
  nextId(): number;
  /** The next value of a named counter, from 1: never given out twice, also over restarts. Gaps happen. */
  nextNumber(counter: string): Promise<number>;
  /**
   * Whether the database answers and persists writes; rejects with a StoreError where it does not. A commit of the last
   * seconds shows it, or else a small write that is tried, at most one a second while they fail.
   */
  check(): Promise<void>;
  /** Writes a consistent copy to a new file while everything runs. */
  backup(file: string): Promise<void>;
  /**
   * Waits for what is under way and closes the database. Where milliseconds are given it resolves within them: then what is
   * left is dropped, and its callers get a StoreError `closed`. A second call joins the first.
   */
  close(timeout?: number): Promise<StoreClosure>;
}

/** How a store was closed. */
export interface StoreClosure {
  /**
   * How many statements were dropped, or could not be persisted since the last commit that succeeded, by the table that they
   * are for; whether those under way are persisted is unknown. Empty where all is persisted.
   */
  readonly lost: ReadonlyMap<string, number>;
  /**
   * Whether a thread of the database is in a call that does not return. `process.exit` would wait for it, for ever where the
   * disk hangs: such a process ends by a signal alone.
   */
  readonly stuck: boolean;
}
