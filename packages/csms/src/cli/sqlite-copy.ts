import { chmod } from "node:fs/promises";
import { writeNewFile } from "../store/new-file.ts";
import { openThread } from "../store/sqlite/thread-client.ts";

/**
 * Writes a consistent copy of a SQLite database to a new file. Unlike `Store.backup` it does so beside a process that has
 * the database to itself: it reads, and takes no lock that could hold up a writer. Rejects with a StoreError where there is a file
 * of that name, or no database.
 */
export function copySqlite(file: string, target: string): Promise<void> {
  return writeNewFile(target, async (part) => {
    const thread = await openThread({ file, readOnly: true, synchronous: "FULL" });
    try {
      // `vacuum into` counts as a write, although it leaves the database alone.
      await thread.query(0, "pragma query_only = OFF", []);
      await thread.query(0, "vacuum into ?", [part]);
      await chmod(part, 0o600);
    } finally {
      await thread.close();
    }
  });
}
