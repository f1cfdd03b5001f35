import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { sqliteFile } from "../store-settings.ts";
import { type Command, takeArguments } from "./command.ts";
import { interruptible } from "./interruption.ts";
import { withDatabase } from "./open-database.ts";

/** `ocpp-csms backup` */
export const backup: Command = {
  usage: "backup <file>",
  description:
    "Writes a consistent copy of the database to a new file, also while the CSMS runs: of SQLite a SQLite file, of PostgreSQL compressed lines of JSON. restore takes either.",
  run: async ({ terminal, positionals, configuration }) => {
    takeArguments(positionals, 1, 1, backup);
    const [name = ""] = positionals;
    const target = resolve(terminal.cwd, name);
    const read = configuration();
    const { partOf } = await import("../store/new-file.ts");
    await interruptible(terminal, async ({ undo }) => {
      undo(() => rmSync(partOf(target), { force: true }));
      if (read.configuration.store.type !== "sqlite") return withDatabase(read, (store) => store.backup(target));
      const file = sqliteFile(read.configuration);
      if (!existsSync(file)) throw new Error(`There is no database at ${file}.`);
      // Beside a process that has the database to itself: it reads, and takes no lock that could hold up a writer.
      const { backupSqlite } = await import("../store/sqlite/backup-sqlite.ts");
      return backupSqlite(file, target);
    });
    terminal.err(`The backup is in ${target}.`);
    return 0;
  },
};
