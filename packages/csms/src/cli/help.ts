import { allowedValues } from "../config/allowed-values.ts";
import { settingList } from "../config/setting-list.ts";
import { fileVariables } from "../config/variables.ts";
import type { Command } from "./command.ts";
import { commandList } from "./command-list.ts";

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}

/** The lines about all settings, as flags. */
function settingsHelp(): string[] {
  const lines = ["", "Settings, each with its environment variable, what is allowed and the default:", ""];
  lines.push("  --config FILE", `      ${fileVariables.join(", ")}. A file with settings: YAML or JSON.`);
  for (const { flags, variables, setting } of settingList) {
    const value = JSON.stringify(setting.default);
    lines.push(`  --${flags[0]}${setting.type === "flag" ? "" : " VALUE"}`, `      ${setting.doc}`);
    lines.push(`      ${variables[0]}; ${allowedValues(setting)}; ${value === "null" ? "none" : value}`);
  }
  return lines;
}

/** The help of the program as a whole. */
export function programHelp(): string {
  return [
    "ocpp-csms: a CSMS for OCPP 1.6, 2.0.1 and 2.1.",
    "",
    "Usage: ocpp-csms [command] [arguments] [flags]",
    "",
    "Commands:",
    ...table([...commandList].map(([name, { summary }]) => [name, summary] as const)),
    "",
    "Flags of every command:",
    ...table([
      ["-h, --help", "this help, or that of a command"],
      ["-v, --version", "the version"],
    ]),
    ...settingsHelp(),
    "",
    "A flag counts more than the environment, that more than a .env file, that more than the file, that more than the default.",
    "The program ends with 0 where all went well, 1 where something failed, 2 where it was called or configured wrongly.",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp({ usage, description, flags = {} }: Command): string {
  const own = Object.entries(flags).map(
    ([name, { type, doc }]) => [`--${name}${type === "string" ? " VALUE" : ""}`, doc] as const,
  );
  return [
    `Usage: ocpp-csms ${usage} [flags]`,
    "",
    description,
    ...(own.length === 0 ? [] : ["", "Flags:", ...table(own)]),
    "",
    "Every setting is a flag, too: see ocpp-csms --help.",
  ].join("\n");
}
