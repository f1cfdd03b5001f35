import { createWriteStream, rmSync } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Store } from "../store/store.ts";
import { type Command, takeArguments } from "./command.ts";
import { type Interruption, interruptible } from "./interruption.ts";
import { withDatabase } from "./open-database.ts";
import { createProgress } from "./progress.ts";

/** `ocpp-csms export` */
export const exportCommand: Command = {
  usage: "export [file]",
  description:
    "Writes the whole database as lines of JSON to a new file, compressed where its name ends in .gz, or to standard output. The lines hold hashes of passwords and secrets of webhooks: keep them as safe as the database.",
  run: async ({ terminal, positionals, configuration }) => {
    takeArguments(positionals, 0, 1, exportCommand);
    const [name] = positionals;
    const read = configuration();
    const progress = createProgress(terminal);
    const write = async (store: Store, { undo }: Interruption): Promise<void> => {
      const [{ exportLines }, { partOf, writeNewFile }] = await Promise.all([
        import("../store/export-lines.ts"),
        import("../store/new-file.ts"),
      ]);
      const lines = Readable.from(
        exportLines(store, { onProgress: (table, rows) => progress.tell(`${table}: ${rows}`) }),
      );
      if (name === undefined) return pipeline(lines, process.stdout, { end: false });
      const target = resolve(terminal.cwd, name);
      undo(() => rmSync(partOf(target), { force: true }));
      return writeNewFile(target, (part) => {
        const file = createWriteStream(part, { mode: 0o600 });
        return name.endsWith(".gz") ? pipeline(lines, createGzip(), file) : pipeline(lines, file);
      });
    };
    await interruptible(terminal, (interruption) => withDatabase(read, (store) => write(store, interruption)));
    progress.end(name === undefined ? "Exported." : `Exported to ${name}.`);
    return 0;
  },
};
