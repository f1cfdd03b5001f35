/** What a database thread is started with. */
export interface ThreadSetup {
  readonly file: string;
  /** Whether it only reads. */
  readonly readOnly: boolean;
  /** SQLite's `synchronous`: FULL keeps what was committed when the power goes, OFF is for databases that go away. */
  readonly synchronous: "FULL" | "OFF";
}

/**
 * Units of writes, flat, because copying few large things to another thread is cheap and copying many small ones is not.
 * `plan` holds for each unit the number of its statements and then their numbers. `shapes` says of each parameter of all
 * statements, one after the other, what it is: the length of a text, whose characters come next in `text`; -1 for a number,
 * the next of `numbers`; -2 for null; -3 for a bigint, the next of `bigints`.
 */
export interface BatchRequest {
  readonly kind: "batch";
  /** Forget all statements that were numbered before. */
  readonly reset: boolean;
  /** The statements that get the next numbers, and how many parameters each has. */
  readonly statements: readonly string[];
  readonly arities: readonly number[];
  readonly plan: Int32Array;
  readonly shapes: Int32Array;
  readonly text: string;
  readonly numbers: Float64Array;
  readonly bigints: readonly bigint[];
}

/** A query. `connection` is 0, or what `begin` was asked with. */
export interface QueryRequest {
  readonly kind: "query";
  readonly connection: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Opens or ends a connection that sees the database as it is at its first query. */
export interface SnapshotRequest {
  readonly kind: "begin" | "end";
  readonly connection: number;
}

/** Closes the database and ends the thread. */
export interface CloseRequest {
  readonly kind: "close";
}

/** What a thread can be asked for. It answers one after the other, in the order of the requests. */
export type ThreadRequest = BatchRequest | QueryRequest | SnapshotRequest | CloseRequest;

/** Why something failed: a code of SQLite, and its message. */
export interface ThreadFailure {
  readonly code: string;
  readonly message: string;
}

/** What became of a batch: of all statements of all units the counts of rows, and which units were refused. */
export interface BatchAnswer {
  readonly counts: readonly number[];
  /** By the number of the unit; undefined where none was refused. The counts of a refused unit are 0. */
  readonly refused: ReadonlyMap<number, ThreadFailure> | undefined;
}

/** Rows, flat, or a count of changed ones. */
export interface QueryAnswer {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
  readonly changes: number | undefined;
}

/** An answer to a request; the first one says that the database is open. */
export type ThreadAnswer =
  | { readonly ok: true; readonly value: BatchAnswer | QueryAnswer | undefined }
  | { readonly ok: false; readonly failure: ThreadFailure };
