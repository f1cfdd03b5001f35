import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import Database from "libsql";
import { StoreError } from "../store-error.ts";

/** A lock on a database file. */
export interface FileLock {
  /** The real path of the database. */
  readonly file: string;
  release(): void;
}

/** Makes an empty file that only its owner may read, unless it is there. */
export function createPrivateFile(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}

/** Makes the folder of a database, and returns the real path of the file. */
function prepareFolder(path: string): string {
  const folder = dirname(resolve(path));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return existsSync(path) ? realpathSync(path) : join(realpathSync(folder), basename(path));
}

function openLock(lock: string): Database.Database {
  // An existing lock file is never opened but by SQLite: closing it would let go of the locks of this process.
  createPrivateFile(lock);
  return new Database(lock, { timeout: 0 });
}

/**
 * Locks a database for this process: an open transaction on a file beside it, which the system ends with the process,
 * however that ends. Makes the folder where it is missing. Throws a StoreError: `locked` where another process, or another
 * store of this one, has the file; `failed` where there can be no file.
 */
export function lockFile(path: string): FileLock {
  let file: string;
  let db: Database.Database;
  try {
    file = prepareFolder(path);
    db = openLock(`${file}.lock`);
  } catch (cause) {
    throw new StoreError("failed", `${path} cannot be opened: check its folder and the rights on it`, { cause });
  }
  try {
    // Nothing is written, so no journal has to lie beside it.
    db.exec("pragma journal_mode = MEMORY");
    db.exec("begin exclusive");
  } catch (cause) {
    db.close();
    const { code } = cause as { readonly code?: unknown };
    if (code !== "SQLITE_BUSY" && code !== "SQLITE_LOCKED") throw cause;
    throw new StoreError("locked", `${file} is in use: stop the process that has it open, or take another file`, {
      cause,
    });
  }
  return {
    file,
    release: () => {
      db.exec("rollback");
      db.close();
    },
  };
}
