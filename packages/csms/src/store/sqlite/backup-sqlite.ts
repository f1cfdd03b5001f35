import { chmod } from "node:fs/promises";
import { writeNewFile } from "../new-file.ts";
import { openThread } from "./thread-client.ts";

/**
 * Copies a SQLite database, as it is at one moment, to a new file while a CSMS runs on it, in this process or another. A
 * thread of its own does it, so that neither reads nor writes wait. Rejects with a StoreError where the new file exists.
 */
export function backupSqlite(file: string, target: string): Promise<void> {
  return writeNewFile(target, async (part) => {
    const copier = await openThread({ file, readOnly: true, synchronous: "FULL" });
    try {
      // `vacuum into` counts as a write, although it leaves the database alone.
      await copier.query(0, "pragma query_only = OFF", []);
      await copier.query(0, "vacuum into ?", [part]);
      await chmod(part, 0o600);
    } finally {
      await copier.close();
    }
  });
}
