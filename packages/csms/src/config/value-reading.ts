import { allowedValues } from "./allowed-values.ts";
import { readChoices, readList } from "./list-reading.ts";
import { readStations } from "./predefined-station.ts";
import { readTokens } from "./predefined-token.ts";
import { seconds, size } from "./quantity.ts";
import type { Reading } from "./reading.ts";
import type { NumberSetting, Setting } from "./setting.ts";
import { readLevels, readPlugins } from "./structure-reading.ts";
import { readText } from "./text-reading.ts";

const switchWords: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "on", "1", "t"].map((word) => [word, true] as const),
  ...["false", "no", "off", "0", "f"].map((word) => [word, false] as const),
]);

function readNumber(setting: NumberSetting, raw: unknown): number | undefined {
  const { type, min = 0, max = Number.MAX_SAFE_INTEGER } = setting;
  let value = typeof raw === "number" ? raw : undefined;
  if (typeof raw === "string") {
    const text = raw.trim();
    if (type === "seconds") value = seconds(text);
    else if (type === "size") value = size(text);
    else if (/^\d{1,16}$/.test(text)) value = Number(text);
  }
  if (value === undefined || !(value >= min && value <= max)) return undefined;
  return type === "seconds" || Number.isInteger(value) ? value : undefined;
}

function readPlain(setting: Setting, raw: unknown, cwd: string): unknown {
  switch (setting.type) {
    case "integer":
    case "seconds":
    case "size":
      return readNumber(setting, raw);
    case "text":
    case "path":
    case "address":
    case "prefix":
      return readText(setting, raw, cwd);
    case "flag":
      return switchWords.get(String(raw).trim().toLowerCase());
    case "choice":
      return setting.values.find((value) => String(value) === String(raw).trim());
    case "choices":
      return readChoices(setting, raw);
    case "paths":
    case "subnets":
    case "origins":
      return readList(setting, raw, cwd);
    case "levels":
      return readLevels(raw);
    default:
      return undefined;
  }
}

/** A value as an error message shows it: masked where it is a secret, quoted, and cut at 80 characters. */
function shown(setting: Setting, raw: unknown): string {
  if (setting.secret === true) return "***";
  const text = JSON.stringify(raw) ?? String(raw);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * Reads what was written, in a file or as text, as the value of a setting. `null` and the empty text stand for the
 * absence of what may be absent. Paths are made absolute from `cwd`.
 */
export function readValue(setting: Setting, raw: unknown, cwd: string): Reading<unknown> {
  if (setting.default === null && (raw === null || raw === "")) return { value: null };
  if (setting.type === "stations") return readStations(raw);
  if (setting.type === "tokens") return readTokens(raw);
  if (setting.type === "plugins") return readPlugins(raw);
  const value = readPlain(setting, raw, cwd);
  if (value !== undefined) return { value };
  return { problem: `${shown(setting, raw)} is not allowed; it must be ${allowedValues(setting)}.` };
}
