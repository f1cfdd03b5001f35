import { parseArgs } from "node:util";
import type { ConfigurationProblem } from "./configuration-error.ts";
import type { SettingEntry } from "./setting-list.ts";
import { settingList } from "./setting-list.ts";
import { didYouMean } from "./suggestion.ts";

/** The flag that names the configuration file. */
export const fileFlag = "config";

/** What the flags of a command line say. */
export interface Flags {
  /** By the paths of the settings. */
  readonly values: ReadonlyMap<string, { readonly value: string; readonly source: string }>;
  /** The configuration file, where one is named. */
  readonly file: string | undefined;
  readonly problems: readonly ConfigurationProblem[];
}

const entries: ReadonlyMap<string, SettingEntry> = new Map(
  settingList.flatMap((entry) => entry.flags.map((flag) => [flag, entry])),
);

/** The options of `parseArgs` for all settings and the configuration file. */
const options: Readonly<Record<string, { readonly type: "string" | "boolean" }>> = Object.fromEntries([
  [fileFlag, { type: "string" as const }],
  ...[...entries].map(([flag, { setting }]) => [
    flag,
    { type: setting.type === "flag" ? ("boolean" as const) : ("string" as const) },
  ]),
]);

/** How the options of `parseArgs` are declared. */
export type FlagTypes = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>>;

/** A command line, taken apart. */
export interface SplitFlags {
  /** The flags that are no settings, by name. */
  readonly own: ReadonlyMap<string, string | true>;
  readonly positionals: readonly string[];
  /** What is left: the flags of settings, and those that there are not. */
  readonly rest: readonly string[];
}

/** Takes a command's own flags and its arguments out of a command line. */
export function splitFlags(argv: readonly string[], types: FlagTypes): SplitFlags {
  const own = new Map<string, string | true>();
  const positionals: string[] = [];
  const rest: string[] = [];
  const all = { ...options, ...types };
  const { tokens } = parseArgs({ args: [...argv], options: all, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    else if (token.kind === "option" && Object.hasOwn(types, token.name)) own.set(token.name, token.value ?? true);
    else if (token.kind === "option")
      rest.push(token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`);
  }
  return { own, positionals, rest };
}

/** All flags of settings, with the dashes, for suggestions. */
export const flagNames: readonly string[] = [fileFlag, ...entries.keys()].map((flag) => `--${flag}`);

/** Reads flags: `--name value`, `--name=value`, and for what is on or off `--name`, `--no-name` and `--name=off`. */
export function readFlags(argv: readonly string[]): Flags {
  const values = new Map<string, { value: string; source: string }>();
  const problems: ConfigurationProblem[] = [];
  let file: string | undefined;
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") {
      problems.push({
        name: JSON.stringify(token.value.slice(0, 50)),
        text: "is no flag, and no argument is expected here.",
      });
    }
    if (token.kind !== "option") continue;
    const source = `flag ${token.rawName.slice(0, 60)}`;
    const entry = entries.get(token.name);
    const negated = entries.get(token.name.replace(/^no-/, ""));
    if (token.name === fileFlag && token.value !== undefined) file = token.value;
    else if (entry?.setting.type === "flag") values.set(entry.path, { value: token.value ?? "true", source });
    else if (entry !== undefined && token.value !== undefined) values.set(entry.path, { value: token.value, source });
    else if (negated?.setting.type === "flag" && token.value === undefined)
      values.set(negated.path, { value: "false", source });
    else if (entry !== undefined || token.name === fileFlag)
      problems.push({ name: source, text: "needs a value behind it." });
    else
      problems.push({
        name: source,
        text: `there is no such flag.${didYouMean(token.rawName, flagNames)}`,
      });
  }
  return { values, file, problems };
}
