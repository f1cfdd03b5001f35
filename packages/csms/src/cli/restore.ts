import { resolve } from "node:path";
import { sqliteFile } from "../store-settings.ts";
import { type Command, takeArguments } from "./command.ts";
import { importFile } from "./import-file.ts";
import { interruptible } from "./interruption.ts";
import { kindOfFile } from "./json-lines.ts";
import { withDatabase } from "./open-database.ts";
import { createProgress } from "./progress.ts";

/** `ocpp-csms restore` */
export const restore: Command = {
  usage: "restore <file>",
  description:
    "Puts a backup in the place of the database, while the CSMS does not run. Backups of SQLite and of PostgreSQL, and what export writes, can be restored into either. A PostgreSQL database must be empty; a SQLite file that is there is kept under another name.",
  flags: { replace: { type: "boolean", doc: "takes the place of a SQLite database that is there" } },
  run: async ({ terminal, flags, positionals, configuration }) => {
    takeArguments(positionals, 1, 1, restore);
    const [name = ""] = positionals;
    const backup = resolve(terminal.cwd, name);
    const read = configuration();
    const kind = await kindOfFile(backup);
    const progress = createProgress(terminal);
    const tell = (rows: number): void => progress.tell(`${rows} rows`);
    if (read.configuration.store.type === "sqlite") {
      const { restoreSqlite } = await import("./sqlite-restore.ts");
      const options = { replace: flags.has("replace"), now: new Date(), tell };
      const aside = await interruptible(terminal, (interruption) =>
        restoreSqlite(backup, kind, sqliteFile(read.configuration), { ...options, interruption }),
      );
      progress.end(`Restored.${aside === undefined ? "" : ` The database that was there is ${aside} now.`}`);
      return 0;
    }
    const rows = await withDatabase(read, async (store) => {
      if (kind === "sqlite") {
        const { importSqlite } = await import("./sqlite-restore.ts");
        return interruptible(terminal, (interruption) => importSqlite(backup, store, tell, interruption));
      }
      return (await importFile(store, backup, { onProgress: tell })).rows;
    });
    progress.end(`Restored ${rows} rows.`);
    return 0;
  },
};
