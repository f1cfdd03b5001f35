/**
 * Why the store could not do something: `constraint`, a write contradicts what is stored; `full`, there is no room;
 * `unavailable`, the database cannot be reached or is too slow; `locked`, another process uses it; `schema`, its tables are
 * not those of this version; `closed`, the store was closed.
 */
export type StoreErrorCode = "constraint" | "full" | "unavailable" | "locked" | "schema" | "closed" | "failed";

/** The store could not do something. The message names no values. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
