import { dirname, resolve } from "node:path";
import type { ConfigurationProblem } from "./configuration-error.ts";
import type { ReadFile } from "./dotenv.ts";
import { parseFile } from "./file-format.ts";
import { foreignKey, translate } from "./foreign-keys.ts";
import type { SettingGroup } from "./setting.ts";
import { isSetting, settingList } from "./setting-list.ts";
import { settings } from "./settings.ts";
import { didYouMean } from "./suggestion.ts";

/** A value as a file says it. */
export interface FileValue {
  readonly value: unknown;
  /** Where it stands, such as `file /etc/ocpp.yaml, webSocket.port`. */
  readonly source: string;
}

/** What came of reading a configuration file with all that it includes. */
export interface ConfigurationFile {
  /** By the paths of the settings. */
  readonly values: ReadonlyMap<string, FileValue>;
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly string[];
}

/** How deep files may include one another. */
const deepest = 20;

interface Collected {
  readonly values: Map<string, FileValue>;
  readonly problems: ConfigurationProblem[];
  readonly warnings: string[];
  /** The keys of other servers' files so far; what they come to is told by all of them together. */
  readonly foreign: Map<string, FileValue>;
}

function message(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "the file system refused";
}

function collectTree(group: SettingGroup, tree: object, prefix: string, path: string, collected: Collected): void {
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    const name = prefix + key;
    const node = Object.hasOwn(group, key) ? group[key] : undefined;
    const source = `file ${path}, ${name}`;
    if (node === undefined) {
      const near = didYouMean(
        name,
        prefix === ""
          ? settingList.map((entry) => entry.path).concat(Object.keys(group))
          : Object.keys(group).map((known) => prefix + known),
      );
      collected.problems.push({ name: source.slice(0, 300), text: `there is no such setting.${near}` });
    } else if (isSetting(node)) {
      if (value !== undefined) collected.values.set(name, { value, source });
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      collectTree(node, value, `${name}.`, path, collected);
    } else if (value !== null && value !== undefined) {
      collected.problems.push({ name: source, text: `is a group of settings: ${Object.keys(node).join(", ")}.` });
    }
  }
}

function collectFile(
  path: string,
  cwd: string,
  readFile: ReadFile,
  chain: readonly string[],
  collected: Collected,
): void {
  const problem = (text: string, name = `file ${path}`): void => {
    collected.problems.push({ name, text });
  };
  if (chain.includes(path)) return problem(`includes itself, by way of ${chain.join(", ")}.`);
  if (chain.length >= deepest) return problem(`files include one another more than ${deepest} deep.`);
  let text: string | undefined;
  try {
    text = readFile(path);
  } catch (error) {
    return problem(`cannot be read (${message(error)}).`);
  }
  if (text === undefined) return problem("there is no such file.");
  const content = parseFile(text);
  for (const fault of content.problems) problem(`${fault}.`);
  const include = (value: unknown): void => {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one !== "string" || one === "")
        problem("must be a path, or a list of paths.", `file ${path}, include`);
      else {
        // Beside the file that includes it, or else where the process runs.
        const beside = resolve(dirname(path), one);
        const there = existing(beside, readFile) ? beside : resolve(cwd, one);
        collectFile(there, cwd, readFile, [...chain, path], collected);
      }
    }
  };
  const own: [string, unknown][] = [];
  // In a tree, what a file says itself counts more than what it includes, wherever that stands.
  const inOrder =
    content.format === "pairs"
      ? content.entries
      : [...content.entries].sort((a, b) => Number(b.key === "include") - Number(a.key === "include"));
  for (const { key, value, line } of inOrder) {
    const foreign = foreignKey(key);
    if (key === "include") include(value);
    else if (foreign !== undefined) {
      collected.foreign.set(foreign, {
        value,
        source: `file ${path}, ${line === undefined ? "" : `line ${line}, `}${key}`,
      });
    } else if (content.format === "tree") own.push([key, value]);
    else
      problem(
        `there is no such key.${didYouMean(key, foreignNames)}`,
        `file ${path}, line ${line}, ${key.slice(0, 50)}`,
      );
  }
  collectTree(settings, Object.fromEntries(own), "", path, collected);
}

const foreignNames: readonly string[] = [
  "include",
  "service_addr",
  "service_uri",
  "ws_enable",
  "ws_port",
  "wss_enable",
  "wss_port",
  "tls_cert",
  "tls_key",
  "heartbeat_timeout",
  "response_timeout",
  "log_path",
  "log_level",
  "log_max_disk_usage",
  "log_max_file_num",
];

function existing(path: string, readFile: ReadFile): boolean {
  try {
    return readFile(path) !== undefined;
  } catch {
    return true;
  }
}

/**
 * Reads a configuration file: YAML, JSON, or the files of iclay/ocpp (lines of `key value`) and CoderSergiy/ocpp16-go as
 * they are, whose keys may also stand in a YAML or JSON file. Of a setting and the foreign key that comes to it, the setting
 * counts.
 */
export function readConfigurationFile(path: string, cwd: string, readFile: ReadFile): ConfigurationFile {
  const collected: Collected = { values: new Map(), problems: [], warnings: [], foreign: new Map() };
  collectFile(resolve(cwd, path), cwd, readFile, [], collected);
  const translation = translate(new Map([...collected.foreign].map(([key, { value }]) => [key, value])));
  const sourceOf = (key: string): string => collected.foreign.get(key)?.source ?? `file ${path}, ${key}`;
  for (const { key, text } of translation.problems) collected.problems.push({ name: sourceOf(key), text });
  for (const { key, text } of translation.warnings) collected.warnings.push(`${sourceOf(key)}: ${text}`);
  for (const [setting, { value, key }] of translation.values) {
    if (!collected.values.has(setting)) collected.values.set(setting, { value, source: sourceOf(key) });
  }
  return collected;
}
