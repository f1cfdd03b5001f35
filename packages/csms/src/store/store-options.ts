import type { Clock } from "@ocpp/core";

/** Something that went wrong where no caller waits for an answer, such as lines of a log that could not be stored. */
export interface StoreProblem {
  /** What happened, as a sentence without values. */
  readonly what: string;
  readonly error?: unknown;
  /** How many writes were lost by it. */
  readonly count?: number;
}

/** What a store on either database needs. */
export interface CommonStoreOptions {
  /** Where ids take the time from; the clock of the machine unless given. */
  readonly clock?: Clock | undefined;
  /** The number of this process among those that share the database, 0 to 63, part of each id; 0 unless given. */
  readonly node?: number | undefined;
  /**
   * How many milliseconds a write waits for its turn, and a database that says nothing is waited for, until what waits is
   * rejected with `unavailable` and the connection is given up; 5,000 unless given.
   */
  readonly timeout?: number | undefined;
  /** Called with each commit that has ended well: how many milliseconds it took, and how many writes shared it. */
  readonly committed?: ((milliseconds: number, writes: number) => void) | undefined;
  /** Called with what fails where no caller waits for it. */
  readonly report?: ((problem: StoreProblem) => void) | undefined;
}

/** A database in a file, which this process alone uses. */
export interface SqliteOptions {
  readonly kind: "sqlite";
  /**
   * The path of the database. Its folder is made where it is missing. `:memory:` is a file of its own in the folder for
   * temporary files that goes away with the store, for tests.
   */
  readonly file: string;
}

/** A database on a server. */
export interface PostgresOptions {
  readonly kind: "postgres";
  /** A connection string; what is given beside it stands in for what it leaves out. */
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  /** Whether TLS is spoken, and with which authorities. No unless given. */
  readonly ssl?:
    | boolean
    | { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean | undefined }
    | undefined;
  /** How many connections serve reads at most, 8 unless given; up to three more write, and one watches. */
  readonly poolSize?: number | undefined;
}

/** What `timeout` is unless given. */
export const defaultTimeout = 5_000;

/** Where everything is to be stored. */
export type StoreOptions = CommonStoreOptions & (SqliteOptions | PostgresOptions);
