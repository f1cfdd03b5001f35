import type { Configuration } from "../config/configuration.ts";
import { type SettingEntry, settingList } from "../config/setting-list.ts";
import { type Command, takeArguments } from "./command.ts";

const mask = "***";

/** A value as it may be shown: secrets masked, also those within lists of stations and options of plug-ins. */
function shownValue(setting: SettingEntry["setting"], value: unknown): unknown {
  if (value === null) return null;
  if (setting.secret === true) return value === "" ? "" : mask;
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => {
      return /password|secret|token|key$/i.test(key) && typeof inner === "string" ? mask : inner;
    }),
  ) as unknown;
}

function valueAt(configuration: Configuration, path: string): unknown {
  let value: unknown = configuration;
  for (const name of path.split(".")) value = (value as Record<string, unknown>)[name];
  return value;
}

/** `ocpp-csms config` */
export const config: Command = {
  usage: "config",
  description:
    "Prints the configuration that is in force, a line for each setting: its name, its value, and where that comes from. Secrets are masked.",
  flags: { json: { type: "boolean", doc: "as JSON, for programs" } },
  run: async ({ terminal, flags, positionals, configuration }) => {
    takeArguments(positionals, 0, 0, config);
    const { configuration: values, sources, files } = configuration();
    const rows = settingList.map(({ path, setting }) => ({
      path,
      value: shownValue(setting, valueAt(values, path)),
      source: sources.get(path) ?? "default",
    }));
    if (flags.has("json")) {
      const settings = Object.fromEntries(rows.map(({ path, value, source }) => [path, { value, source }]));
      terminal.out(JSON.stringify({ files, settings }, undefined, 2));
      return 0;
    }
    for (const file of files) terminal.out(`# read: ${file}`);
    const texts = rows.map(({ path, value, source }) => ({ text: `${path}: ${JSON.stringify(value)}`, source }));
    const width = Math.min(60, Math.max(...texts.map(({ text }) => text.length)));
    for (const { text, source } of texts) terminal.out(`${text.padEnd(width)}  # ${source}`);
    return 0;
  },
};
