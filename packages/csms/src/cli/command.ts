import type { FlagTypes } from "../config/flags.ts";
import type { ReadConfiguration } from "../config/read-configuration.ts";
import type { Environment } from "../config/variables.ts";

/** The surroundings of a command: what it says goes through here, so that tests can listen. */
export interface Terminal {
  readonly env: Environment;
  readonly cwd: string;
  /** The folder of the program. */
  readonly programFolder: string | undefined;
  /** Writes a line to standard output: what was asked for. */
  out(line: string): void;
  /** Writes a line to standard error: progress, warnings, errors. */
  err(line: string): void;
  /** Resolves with the name of a signal; each call waits for the next one. */
  signal(): Promise<Signal>;
  /**
   * Ends the process by a signal, at once. Unlike an exit it waits for nothing, not even for a thread that is in a call of the
   * database; whoever started the process sees the signal.
   */
  raise(signal: Signal | "SIGKILL"): void;
}

/** The signals that a program listens to. */
export type Signal = "SIGHUP" | "SIGINT" | "SIGTERM";

/** What a command is given. */
export interface CommandInput {
  readonly terminal: Terminal;
  /** Its own flags, by name. */
  readonly flags: ReadonlyMap<string, string | true>;
  /** The arguments behind its name. */
  readonly positionals: readonly string[];
  /** Reads the configuration. Throws a ConfigurationError where it cannot be used. */
  readonly configuration: () => ReadConfiguration;
}

/** A subcommand of `ocpp-csms`. */
export interface Command {
  /** How it is called, such as `backup <file>`. */
  readonly usage: string;
  /** What it does, in a sentence or some. */
  readonly description: string;
  /** Its own flags with what they do, besides those of the settings. */
  readonly flags?: Readonly<Record<string, { readonly type: "string" | "boolean"; readonly doc: string }>>;
  /** Does it; resolves with the exit code, 0 or 1. Rejects with a UsageError where it was called wrongly. */
  run(input: CommandInput): Promise<number>;
}

/** The flags of every command. */
export const commonFlags: FlagTypes = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
};

/** The program was called wrongly. The message says how to call it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exactly so many arguments, by the names in the usage; throws a UsageError for more or fewer. */
export function takeArguments(positionals: readonly string[], least: number, most: number, { usage }: Command): void {
  if (positionals.length >= least && positionals.length <= most) return;
  const what = positionals.length < least ? "An argument is missing." : "There are too many arguments.";
  throw new UsageError(`${what} Usage: ocpp-csms ${usage}`);
}
