import { StoreError, type StoreErrorCode } from "../store-error.ts";

/** By the class, or the whole, of an SQLSTATE (PostgreSQL's appendix A). */
const meanings: readonly (readonly [string, StoreErrorCode, string])[] = [
  ["22", "constraint", "A value does not fit its column"],
  ["23", "constraint", "A write contradicts what is stored"],
  ["53100", "full", "The database's disk is full"],
  ["58030", "full", "The database cannot write to its disk"],
  ["53", "unavailable", "The database has no resources left"],
  ["57014", "unavailable", "The database took too long"],
  ["57", "unavailable", "The database is shutting down or starting"],
  ["58", "unavailable", "The database has a problem of its system"],
  ["08", "unavailable", "The connection to the database failed"],
  ["25006", "unavailable", "The database takes no writes at present"],
  ["40", "unavailable", "The database gave up a transaction for the sake of another"],
  ["28", "unavailable", "The database does not let us in: check user and password"],
  ["3D", "unavailable", "There is no database of this name"],
];

/** The SQLSTATE of an error, or an empty text where PostgreSQL did not answer. */
export function sqlState(error: unknown): string {
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === "string" && severity !== undefined ? code : "";
}

/** Says what an error of pg means to the store. What the server has not answered to is the connection's fault. */
export function postgresError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const state = sqlState(cause);
  if (state === "") {
    const { code } = cause as { readonly code?: unknown };
    const reason = typeof code === "string" ? ` (${code})` : "";
    return new StoreError("unavailable", `The database cannot be reached, or went away${reason}`, { cause });
  }
  const [, code, message] = meanings.find(([prefix]) => state.startsWith(prefix)) ?? ["", "failed", "A query failed"];
  return new StoreError(code, `${message} (${state})`, { cause });
}
