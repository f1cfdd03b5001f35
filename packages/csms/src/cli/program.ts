import { readFileSync } from "node:fs";
import { ConfigurationError } from "../config/configuration-error.ts";
import { readFlags, splitFlags } from "../config/flags.ts";
import { type ReadConfiguration, readConfiguration } from "../config/read-configuration.ts";
import { didYouMean } from "../config/suggestion.ts";
import { type Command, commonFlags, type Terminal, UsageError } from "./command.ts";
import { commandList } from "./command-list.ts";
import { commandHelp, programHelp } from "./help.ts";
import { readExisting } from "./text-file.ts";

/** The version of the package, from its manifest. */
function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** One sentence about an error: what it says of itself, with the name of an error of the system where there is one. */
function sentence(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}

/** Whether somebody called the program in a way that `--help` could have prevented. */
function asksForHelp(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return error instanceof ConfigurationError && error.problems.some(({ name }) => name.startsWith("flag "));
}

async function runCommand(command: Command, argv: readonly string[], terminal: Terminal): Promise<number> {
  const { own, positionals, rest } = splitFlags(argv, { ...commonFlags, ...command.flags });
  if (own.has("help")) {
    terminal.out(commandHelp(command));
    return 0;
  }
  const configuration = (): ReadConfiguration => {
    const { env, cwd, programFolder } = terminal;
    const read = readConfiguration({ argv: rest, env, cwd, programFolder, readFile: readExisting });
    if (read instanceof ConfigurationError) throw read;
    for (const warning of read.warnings) terminal.err(`Warning: ${warning}`);
    return read;
  };
  // A flag that there is not makes an argument of its value: that is to be told before arguments are counted.
  if (readFlags(rest).problems.length > 0) configuration();
  return command.run({ terminal, flags: own, positionals, configuration });
}

/**
 * Runs `ocpp-csms` with the arguments behind the program's name. Resolves with the exit code: 0 where all went well, 1 where
 * something failed, 2 where it was called or configured wrongly. Never rejects; errors are written to standard error.
 */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [first = "", ...others] = argv;
    const named = first !== "" && !first.startsWith("-");
    if (!named && argv.some((argument) => argument === "--help" || argument === "-h")) {
      terminal.out(programHelp());
      return 0;
    }
    if (!named && argv.some((argument) => argument === "--version" || argument === "-v")) {
      terminal.out(version());
      return 0;
    }
    const name = named ? first : "serve";
    const listed = commandList.get(name);
    if (listed === undefined) {
      throw new UsageError(
        `There is no command ${JSON.stringify(name.slice(0, 50))}.${didYouMean(name, commandList.keys())}`,
      );
    }
    return await runCommand(await listed.load(), named ? others : argv, terminal);
  } catch (error) {
    terminal.err(sentence(error));
    if (asksForHelp(error)) terminal.err("ocpp-csms --help tells what there is.");
    return error instanceof UsageError || error instanceof ConfigurationError ? 2 : 1;
  }
}
