import { resolve } from "node:path";
import { type Command, takeArguments } from "./command.ts";
import { importFile } from "./import-file.ts";
import { withDatabase } from "./open-database.ts";
import { createProgress } from "./progress.ts";

/** `ocpp-csms import` */
export const importCommand: Command = {
  usage: "import <file>",
  description:
    "Reads what export wrote, from SQLite or PostgreSQL into either; - stands for standard input. The database must be empty, unless --merge is given.",
  flags: { merge: { type: "boolean", doc: "adds what is not there yet, and lets what is there be" } },
  run: async ({ terminal, flags, positionals, configuration }) => {
    takeArguments(positionals, 1, 1, importCommand);
    const [name = "-"] = positionals;
    const read = configuration();
    const progress = createProgress(terminal);
    const { rows, added } = await withDatabase(read, (store) =>
      importFile(store, name === "-" ? undefined : resolve(terminal.cwd, name), {
        merge: flags.has("merge"),
        onProgress: (count) => progress.tell(`${count} rows`),
      }),
    );
    progress.end(`${rows} rows read, ${added} added.`);
    return 0;
  },
};
