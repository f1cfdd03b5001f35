import type { Command } from "./command.ts";

/** A command that is loaded when it is called for, so that `--help` need not wait for databases and servers. */
export interface ListedCommand {
  readonly summary: string;
  load(): Promise<Command>;
}

/** The subcommands by name, in the order of the help. */
export const commandList: ReadonlyMap<string, ListedCommand> = new Map<string, ListedCommand>([
  [
    "serve",
    {
      summary: "runs the CSMS; what happens where no command is given",
      load: async () => (await import("./serve.ts")).serve,
    },
  ],
  [
    "config",
    {
      summary: "prints the configuration that is in force, and where each value comes from",
      load: async () => (await import("./config.ts")).config,
    },
  ],
  [
    "backup",
    {
      summary: "writes a consistent copy of the database to a new file, while the CSMS runs",
      load: async () => (await import("./backup.ts")).backup,
    },
  ],
  [
    "restore",
    { summary: "puts a backup in the place of the database", load: async () => (await import("./restore.ts")).restore },
  ],
  [
    "export",
    { summary: "writes everything as lines of JSON", load: async () => (await import("./export.ts")).exportCommand },
  ],
  ["import", { summary: "reads what export wrote", load: async () => (await import("./import.ts")).importCommand }],
  [
    "keys",
    {
      summary: "adds, lists and revokes keys to the REST interface",
      load: async () => (await import("./keys.ts")).keys,
    },
  ],
]);
