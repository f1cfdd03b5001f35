import { existsSync, rmSync } from "node:fs";
import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportLines } from "../store/export-lines.ts";
import { importLines } from "../store/import-lines.ts";
import { openStore } from "../store/open-store.ts";
import { migrationTable } from "../store/ownership.ts";
import { lockFile } from "../store/sqlite/file-lock.ts";
import { companions, replaceDatabase } from "../store/sqlite/replace-database.ts";
import { openThread } from "../store/sqlite/thread-client.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { importFile } from "./import-file.ts";
import type { Interruption } from "./interruption.ts";
import type { DatabaseFile } from "./json-lines.ts";

/** Everything that may lie at the name of a database. */
const databaseSuffixes: readonly string[] = ["", ...companions, ".lock"];

async function removeDatabase(file: string): Promise<void> {
  for (const suffix of databaseSuffixes) await rm(file + suffix, { force: true });
}

/** Copies a SQLite database of ours; rejects with a StoreError where it is none, or damaged. */
async function copyDatabase(from: string, to: string): Promise<void> {
  for (const suffix of ["", "-wal"]) {
    if (!existsSync(from + suffix)) continue;
    await copyFile(from + suffix, to + suffix);
    // Backups are often kept with more rights than the database may have.
    await chmod(to + suffix, 0o600);
  }
  const thread = await openThread({ file: to, readOnly: false, synchronous: "FULL" });
  try {
    const tables = await thread.query(0, "select 1 from sqlite_master where name = ?", [migrationTable]);
    if (tables.values.length === 0) throw new StoreError("schema", `${from} is no database of this CSMS`);
    const { values } = await thread.query(0, "pragma quick_check(1)", []);
    if (!values.includes("ok")) throw new StoreError("failed", `${from} is damaged`);
  } finally {
    await thread.close();
  }
}

/** Makes a database of a backup, and opens it once, which brings its tables up to date and refuses what is none of ours. */
async function build(backup: string, kind: DatabaseFile, file: string, tell: (rows: number) => void): Promise<void> {
  if (kind === "sqlite") await copyDatabase(backup, file);
  const store = await openStore({ kind: "sqlite", file });
  try {
    if (kind !== "sqlite") await importFile(store, backup, { onProgress: tell });
    await store.check();
  } finally {
    await store.close();
  }
}

/**
 * Puts a backup in the place of a SQLite database, whole or not at all. What was there is kept under the name that is
 * returned; undefined where there was nothing. Rejects with a StoreError where a process uses the database, or the backup cannot
 * be used, and with an Error where there is a database and `replace` is not set; then everything is as it was.
 */
export async function restoreSqlite(
  backup: string,
  kind: DatabaseFile,
  target: string,
  options: {
    readonly replace: boolean;
    readonly now: Date;
    readonly tell: (rows: number) => void;
    readonly interruption: Interruption;
  },
): Promise<string | undefined> {
  const lock = lockFile(target);
  const part = `${lock.file}.restoring`;
  try {
    const there = existsSync(lock.file);
    if (there && !options.replace) {
      throw new Error(
        `There is a database at ${lock.file}: with --replace the backup takes its place, and it is kept beside.`,
      );
    }
    await removeDatabase(part);
    options.interruption.undo(() => {
      for (const suffix of databaseSuffixes) rmSync(part + suffix, { force: true });
    });
    await build(backup, kind, part, options.tell);
    options.interruption.hold();
    const aside = `${lock.file}.${options.now.toISOString().replaceAll(/[:.]/g, "-")}`;
    replaceDatabase(part, lock.file, aside);
    return there ? aside : undefined;
  } finally {
    await removeDatabase(part);
    lock.release();
  }
}

/** Reads a SQLite backup into another database, which must be empty. The backup itself is left alone. */
export async function importSqlite(
  backup: string,
  store: Store,
  tell: (rows: number) => void,
  interruption: Interruption,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "ocpp-csms-restore-"));
  interruption.undo(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const copy = join(folder, "copy.db");
    await copyDatabase(backup, copy);
    const source = await openStore({ kind: "sqlite", file: copy });
    try {
      return (await importLines(store, exportLines(source), { onProgress: tell })).rows;
    } finally {
      await source.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
