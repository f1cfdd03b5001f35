import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { checkMigrations, migrationTable } from "../schema.ts";
import { StoreError } from "../store-error.ts";
import { lockFile } from "./file-lock.ts";
import { sqliteError } from "./sqlite-error.ts";

/** What is put where. */
export interface RestoreOptions {
  /** The backup, as `Store.backup` wrote it. It stays as it is. */
  readonly backup: string;
  /** The database that it takes the place of. */
  readonly file: string;
  /** The time, in milliseconds since 1970: part of the name under which the old database is kept. */
  readonly now: number;
}

function flush(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Throws where a file is not a whole database of this program, of this version or an older one. */
function checkDatabase(file: string): void {
  const db = new Database(file, { timeout: 0 });
  try {
    const [result] = db.prepare("pragma integrity_check(1)").all() as [{ readonly integrity_check: string }];
    if (result.integrity_check !== "ok") throw new StoreError("failed", "The backup is damaged: take another one");
    const ours = db.prepare(`select 1 from sqlite_schema where type = 'table' and name = ?`).all([migrationTable]);
    if (ours.length === 0) throw new StoreError("schema", "The backup holds tables of something else");
    const executed = db.prepare(`select name from ${migrationTable}`).all() as { readonly name: string }[];
    checkMigrations(executed.map(({ name }) => name));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    throw sqliteError({ code: String(code), message: String(message) });
  } finally {
    db.close();
  }
}

/**
 * Puts a backup in the place of a SQLite database, and tells the name under which the old one is kept, if there was one.
 * The backup is checked first; where it is damaged, not ours or of a newer version, nothing changes and a StoreError is
 * thrown. The CSMS must not run meanwhile: where it does, that is a StoreError `locked`.
 */
export function restoreSqlite({ backup, file: path, now }: RestoreOptions): string | undefined {
  if (!existsSync(backup)) throw new StoreError("failed", `${backup} does not exist`);
  const lock = lockFile(path);
  const { file } = lock;
  const fresh = `${file}.restoring`;
  try {
    rmSync(fresh, { force: true });
    copyFileSync(backup, fresh);
    chmodSync(fresh, 0o600);
    checkDatabase(fresh);
    flush(fresh);
    const old = existsSync(file) ? `${file}.before-restore-${now}` : undefined;
    // What the old database's log holds belongs to it, and would spoil the new one.
    for (const suffix of ["", "-wal", "-shm"]) {
      if (old !== undefined && existsSync(file + suffix)) renameSync(file + suffix, old + suffix);
    }
    renameSync(fresh, file);
    flush(dirname(file));
    return old;
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(fresh + suffix, { force: true });
    lock.release();
  }
}
