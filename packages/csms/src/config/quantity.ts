const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const bytesPerUnit: Readonly<Record<string, number>> = { k: 1_024, m: 1_048_576, g: 1_073_741_824 };

/** Reads a time in seconds: `90`, `1.5`, `90s`, `15m`, `12h`, `7d`. Nothing where it is none. */
export function seconds(text: string): number | undefined {
  const [, digits, unit = "s"] = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (secondsPerUnit[unit || "s"] ?? 1);
}

/**
 * Reads a size in bytes: `65536`, `64K`, `10M`, `5G`, with or without a B behind; a unit is 1,024 times the one before.
 * A lower-case `b` alone counts bits, as the files of iclay/ocpp have it: `80b` are 10 bytes. Nothing where it is none.
 */
export function size(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d+)\s*(|[kKmMgG][bB]?|[bB])$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (unit === "b") return Math.floor(Number(digits) / 8);
  return Number(digits) * (bytesPerUnit[unit.charAt(0).toLowerCase()] ?? 1);
}
