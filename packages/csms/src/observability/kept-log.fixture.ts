import type { Log } from "./logging.ts";

/** A log that keeps its lines, for tests that look at them. */
export interface KeptLog extends Log {
  readonly lines: { readonly level: string; readonly fields: object; readonly text: string }[];
}

/** Makes a log that keeps its lines. */
export function keptLog(lines: KeptLog["lines"] = []): KeptLog {
  const at =
    (level: string) =>
    (fields: object, text: string): void => {
      lines.push({ level, fields, text });
    };
  return {
    lines,
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    part: () => keptLog(lines),
  };
}
