import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { sqliteFile } from "../store-settings.ts";
import { type Command, takeArguments } from "./command.ts";
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
    if (read.configuration.store.type === "sqlite") {
      const file = sqliteFile(read.configuration);
      if (!existsSync(file)) throw new Error(`There is no database at ${file}.`);
      const { copySqlite } = await import("./sqlite-copy.ts");
      await copySqlite(file, target);
    } else await withDatabase(read, (store) => store.backup(target));
    terminal.err(`The backup is in ${target}.`);
    return 0;
  },
};
