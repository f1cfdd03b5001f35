/*
 * The tables, as Kysely sees them; the same on SQLite and PostgreSQL. `migrations/` makes them. Each subject has a file with its
 * rows, and with what export, retention, erasure and ids must know of its tables: whatever is left out does not compile.
 *
 * Conventions: `id` is a number from `Store.nextId`, so rows of a table in the order of `id` are in the order of their
 * making, and pages are cut by it. Times named `…_at` are milliseconds since 1970, taken from our clock unless the
 * column says otherwise; what a station wrote as its own time stands beside as text. Flags are 0 or 1. Energies are in
 * watt-hours. Payloads are stored as the text that came.
 */

/** 0 or 1. */
export type Flag = 0 | 1;

type Column<Row> = keyof Row & string;

/** The tables whose old rows retention deletes by their age; it must say how many days each is retained. */
export type AgeingTable =
  | "audit"
  | "background_runs"
  | "commands"
  | "deliveries"
  | "logs"
  | "remote_starts"
  | "security_events"
  | "statuses";

/** How the old rows of a table are found: by `id`, the time that decides, and what else must be true of one that may go, as SQL. */
export interface TableAge<Row> {
  readonly time: Column<Row>;
  readonly only?: string;
}

/** What export, retention, erasure and ids must know of a table. */
export interface TableDescription<Row, Name = unknown> {
  /** The columns of its primary key. */
  readonly key: readonly Column<Row>[];
  /** The column that holds numbers of `Store.nextId`; null where it has none. */
  readonly id: Column<Row> | null;
  /** The columns whose texts may be long, so that its rows are read in pages bounded by bytes. */
  readonly longTexts: readonly Column<Row>[];
  /** How its old rows are found, where retention deletes them by their age. */
  readonly age: Name extends AgeingTable ? TableAge<Row> : null;
  /**
   * Where it holds the id tokens of drivers, which erasing a driver replaces: columns that hold a token or a group by itself, JSON, and
   * sentences that may mention one. Null where it holds none.
   */
  readonly idTokens: {
    readonly columns: readonly Column<Row>[];
    readonly json: readonly Column<Row>[];
    readonly sentences: readonly Column<Row>[];
  } | null;
}

/** The descriptions of some tables by name. */
export type TableDescriptions<Some> = { readonly [T in keyof Some]: TableDescription<Some[T], T> };
