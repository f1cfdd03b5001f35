import type { Configuration, SomeConfiguration } from "./configuration.ts";
import { checkConfiguration } from "./configuration-check.ts";
import { ConfigurationError, type ConfigurationProblem } from "./configuration-error.ts";
import { readConfigurationFile } from "./configuration-file.ts";
import { dotEnvPaths, type ReadFile, readDotEnv } from "./dotenv.ts";
import { readFlags } from "./flags.ts";
import type { SettingGroup } from "./setting.ts";
import { isSetting, settingList } from "./setting-list.ts";
import { settings } from "./settings.ts";
import { readValue } from "./value-reading.ts";
import { type Environment, fileOf, oddVariables, variableOf } from "./variables.ts";

/** Where the configuration is read from. */
export interface ConfigurationInput {
  /** Flags, without the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  /** Where paths start that are not absolute. */
  readonly cwd: string;
  readonly readFile: ReadFile;
  /** The folder of the program, one of those where a `.env` file may be. */
  readonly programFolder?: string | undefined;
}

/** A configuration, and how it came about. */
export interface ReadConfiguration {
  readonly configuration: Configuration;
  /** Where each value comes from, by the path of its setting: `flag --port`, `environment DB_TYPE`, `default`, … */
  readonly sources: ReadonlyMap<string, string>;
  /** The files that were read. */
  readonly files: readonly string[];
  /** What an operator should know, a sentence each. */
  readonly warnings: readonly string[];
}

interface Found {
  readonly value: unknown;
  readonly source: string;
}

/** Puts values by path into the shape of the configuration. */
function nest(group: SettingGroup, prefix: string, values: ReadonlyMap<string, unknown>): object {
  const nested = Object.entries(group).map(([name, node]) => [
    name,
    isSetting(node) ? values.get(prefix + name) : nest(node, `${prefix}${name}.`, values),
  ]);
  return Object.freeze(Object.fromEntries(nested) as object);
}

/** Reads what was found, takes the defaults for the rest, and checks it as a whole. */
function settle(
  found: ReadonlyMap<string, Found>,
  cwd: string,
  readFile: ReadFile | undefined,
  problems: ConfigurationProblem[],
): { readonly configuration: Configuration; readonly sources: ReadonlyMap<string, string> } {
  const values = new Map<string, unknown>();
  const sources = new Map<string, string>();
  for (const { path, setting } of settingList) {
    const { value, source } = found.get(path) ?? { value: setting.default, source: "default" };
    sources.set(path, source);
    const read = readValue(setting, value, cwd);
    if ("problem" in read) problems.push({ name: source, text: read.problem });
    else values.set(path, read.value);
  }
  const configuration = nest(settings, "", values) as Configuration;
  if (problems.length === 0) problems.push(...checkConfiguration(configuration, readFile));
  return { configuration, sources };
}

/**
 * Reads the configuration: flags count more than the environment, that more than a `.env` file, that more than the
 * configuration file, that more than the defaults. Everything that is wrong is reported at once. Apart from `readFile`
 * nothing is touched.
 */
export function readConfiguration(input: ConfigurationInput): ReadConfiguration | ConfigurationError {
  const { argv, env, cwd } = input;
  const problems: ConfigurationProblem[] = [];
  const warnings: string[] = [];
  const files: string[] = [];
  const flags = readFlags(argv);
  problems.push(...flags.problems);
  const unreadable = (path: string): undefined => {
    problems.push({ name: `file ${path}`, text: "cannot be read." });
    return undefined;
  };
  const dotEnv = readDotEnv(dotEnvPaths(cwd, input.programFolder, env["HOME"]), (path) => {
    try {
      return input.readFile(path);
    } catch {
      return unreadable(path);
    }
  });
  const dotVariables: Environment = Object.fromEntries(dotEnv?.variables ?? []);
  if (dotEnv !== undefined) files.push(dotEnv.path);
  for (const line of dotEnv?.odd ?? [])
    problems.push({ name: `file ${dotEnv?.path}, line ${line}`, text: "is no NAME=value." });
  for (const [place, variables] of [
    ["environment", env],
    [`file ${dotEnv?.path},`, dotVariables],
  ] as const) {
    const odd = oddVariables(variables);
    for (const [name, text] of odd.problems) problems.push({ name: `${place} ${name.slice(0, 100)}`, text });
    for (const [name, text] of odd.warnings) warnings.push(`${place} ${name.slice(0, 100)}: ${text}`);
  }
  const path = flags.file ?? fileOf(env)?.value ?? fileOf(dotVariables)?.value;
  const file = path === undefined ? undefined : readConfigurationFile(path, cwd, input.readFile);
  if (path !== undefined) files.push(path);
  problems.push(...(file?.problems ?? []));
  warnings.push(...(file?.warnings ?? []));
  const found = new Map<string, Found>();
  for (const entry of settingList) {
    const set = variableOf(entry, env);
    const dotted = variableOf(entry, dotVariables);
    const value =
      flags.values.get(entry.path) ??
      (set && { value: set.value, source: `environment ${set.name}` }) ??
      (dotted && { value: dotted.value, source: `file ${dotEnv?.path}, ${dotted.name}` }) ??
      file?.values.get(entry.path);
    if (value !== undefined) found.set(entry.path, value);
  }
  const { configuration, sources } = settle(found, cwd, input.readFile, problems);
  return problems.length > 0 ? new ConfigurationError(problems) : { configuration, sources, files, warnings };
}

function valuesOf(
  group: SettingGroup,
  tree: object,
  prefix: string,
  found: Map<string, Found>,
  problems: ConfigurationProblem[],
): void {
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    const node = Object.hasOwn(group, key) ? group[key] : undefined;
    if (value === undefined) continue;
    if (node === undefined) problems.push({ name: prefix + key, text: "there is no such setting." });
    else if (isSetting(node)) found.set(prefix + key, { value, source: prefix + key });
    else valuesOf(node, Object(value) as object, `${prefix}${key}.`, found, problems);
  }
}

/**
 * Makes a configuration of some values and the defaults for the rest, for programs that embed the CSMS. Throws a
 * ConfigurationError where a value is not allowed.
 */
export function configurationOf(some: SomeConfiguration = {}, cwd: string = process.cwd()): Configuration {
  const problems: ConfigurationProblem[] = [];
  const found = new Map<string, Found>();
  valuesOf(settings, some, "", found, problems);
  const { configuration } = settle(found, cwd, undefined, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return configuration;
}
