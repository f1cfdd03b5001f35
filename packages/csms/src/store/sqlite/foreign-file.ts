import { type Stats, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { checkOwnership, migrationTable } from "../ownership.ts";
import { StoreError } from "../store-error.ts";

/** What lies at a path; undefined where nothing does, or it cannot be read. */
function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Refuses a path where there is something else than a database of ours, and changes no byte of it: a folder, a file that is no
 * database, a database of another program. Throws a StoreError: `failed` for what is no file, `schema` otherwise.
 */
export function refuseForeignFile(path: string): void {
  const found = lookAt(path);
  if (found !== undefined && !found.isFile()) {
    const what = found.isDirectory() ? "a folder" : "no regular file";
    throw new StoreError("failed", `${path} is ${what}: name a file for the database`);
  }
  // Where a database has just been made, all of it may stand in the log beside the file.
  if (found === undefined || found.size === 0) return;
  let db: Database.Database | undefined;
  try {
    // Read as it lies on the disk, without locks and without the log, neither of which leaves it as it is.
    db = new Database(`${pathToFileURL(path).href}?immutable=1`);
    const read = <T>(sql: string): T[] => db?.prepare(sql).all() as T[];
    const tables = read<{ name: string }>("select name from sqlite_master where type = 'table'")
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("sqlite_"));
    const columns = read<{ name: string }>(`pragma table_info(${migrationTable})`);
    const executed = columns.some(({ name }) => name === "name")
      ? read<{ name: unknown }>(`select name from ${migrationTable}`).map(({ name }) => name)
      : undefined;
    checkOwnership(tables, executed);
  } catch (error) {
    if (error instanceof StoreError) throw new StoreError(error.code, `${path}: ${error.message}`);
    const { code } = error as { readonly code?: unknown };
    if (code === "SQLITE_NOTADB") {
      throw new StoreError("schema", `${path} is no SQLite database: name another file for the database`, {
        cause: error,
      });
    }
    // Whatever else cannot be read like this, such as a file that is being written to, is judged when it is opened.
  } finally {
    db?.close();
  }
}
