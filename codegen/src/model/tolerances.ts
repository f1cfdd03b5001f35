import type { Edition } from "../editions/edition.ts";

// The first eight are the kinds of violation, in the order of `ViolationKind`; checks/ uses the same bits.
const common = [
  "type",
  "required",
  "value",
  "length",
  "items",
  "range",
  "format",
  "unknown-property",
  "lenient-date-time",
];

/** Every tolerance of an edition with its bit: one per kind of violation, then the quirks. */
export function tolerancesOf({ errata }: Edition): (readonly [name: string, bit: number])[] {
  const quirks = [...new Set(errata.map(({ tolerance }) => tolerance))];
  return [...common, ...quirks].map((name, index) => [name, 2 ** index]);
}
