import { entriesOf, isRecord, listOf, type Reading } from "./reading.ts";
import type { LogLevel, PluginEntry } from "./setting.ts";

const logLevels: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Reads levels by part, from an object or from `gateway=debug,store=warn`; nothing where one is none. */
export function readLevels(raw: unknown): Readonly<Record<string, LogLevel>> | undefined {
  const pairs = isRecord(raw)
    ? Object.entries(raw)
    : entriesOf(raw)?.map((pair) =>
        String(pair)
          .split("=")
          .map((half) => half.trim()),
      );
  const levels = new Map<string, LogLevel>();
  for (const [part = "", text, ...rest] of pairs ?? [[]]) {
    const level = logLevels.find((known) => known === text);
    if (level === undefined || rest.length > 0 || !/^[A-Za-z][\w-]*$/.test(part)) return undefined;
    levels.set(part, level);
  }
  return Object.fromEntries(levels);
}

/** Reads plug-ins: modules by name, or objects with `module` and `options`; as a list, as JSON, or as names in a text. */
export function readPlugins(raw: unknown): Reading<readonly PluginEntry[]> {
  const list = listOf(raw, "modules");
  if ("problem" in list) return list;
  const entries: PluginEntry[] = [];
  for (const [index, entry] of list.value.entries()) {
    const { module, options, ...rest } = isRecord(entry) ? entry : { module: entry };
    if (typeof module !== "string" || module === "" || Object.keys(rest).length > 0) {
      const what = "must be the name of a module, or an object with `module` and, where wanted, `options`.";
      return { problem: `entry ${index + 1} ${what}` };
    }
    entries.push({ module, options });
  }
  return { value: entries };
}
