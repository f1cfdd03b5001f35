import { closeSync, existsSync, fsyncSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";

/** What SQLite writes beside a database; it belongs to that one, and would spoil another of the same name. */
export const companions: readonly string[] = ["-wal", "-shm"];

/** Waits until a file, or the names in a folder, are on the disk. */
function flush(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function rename(from: string, to: string): void {
  for (const suffix of ["", ...companions]) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}

/**
 * Puts a new database in the place of another one, with what lies beside both, and keeps the old one under the name `aside`
 * where there is one. Durable when it returns: the new file is on the disk before it gets the name, so that a machine that
 * loses its power has one of the two under it, whole. Neither of them may be open.
 */
export function replaceDatabase(fresh: string, file: string, aside: string): void {
  for (const suffix of ["", ...companions]) if (existsSync(fresh + suffix)) flush(fresh + suffix);
  rename(file, aside);
  rename(fresh, file);
  flush(dirname(file));
}
