import { StoreError, type StoreErrorCode } from "../store-error.ts";
import type { ThreadFailure } from "./thread-messages.ts";

const meanings: readonly (readonly [RegExp, StoreErrorCode, string])[] = [
  [/^SQLITE_CONSTRAINT/, "constraint", "A write contradicts what is stored"],
  [/^SQLITE_(?:MISMATCH|TOOBIG|RANGE)/, "constraint", "A value does not fit its column"],
  [/^SQLITE_CANTOPEN/, "failed", "The database file cannot be opened: check its folder and the rights on it"],
  [/^SQLITE_(?:FULL|IOERR|NOMEM)/, "full", "The database cannot be written: free some space on its disk"],
  [/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/, "unavailable", "Something else holds the database file"],
  [/^SQLITE_READONLY/, "failed", "The database may not be written: check the rights of its file and folder"],
  [/^SQLITE_NOTADB/, "schema", "The file is not a database"],
  [/^SQLITE_CORRUPT/, "failed", "The database is damaged: put a backup in its place"],
];

/** Says what a failure of SQLite means to the store. */
export function sqliteError(failure: ThreadFailure): StoreError {
  const [, code, message] = meanings.find(([pattern]) => pattern.test(failure.code)) ?? [
    /^/,
    "failed",
    "A query failed",
  ];
  const options = { cause: Object.assign(new Error(failure.message), { code: failure.code }) };
  return new StoreError(code, `${message} (${failure.code === "" ? "no code" : failure.code})`, options);
}
