import { dateTime, plainDateTimes } from "./date-time.ts";
import type { Draw } from "./draw.ts";
import { hasFormat } from "./reference.ts";
import type { TextShape } from "./shape.ts";
import { withTypos } from "./typo.ts";
import { plainUris, uri } from "./uri.ts";

/** Characters that count once however many UTF-16 units they take, or that are only half of one. */
const odd = [
  "\u{1f600}",
  "\u{10ffff}",
  "\u{10000}",
  "\ud800",
  "\udfff",
  "\udbff",
  "\udc00",
  "\u0000",
  "\ufeff",
  "\u00e9",
  "\u{1f468}\u200d\u{1f469}",
];
const words = ["a", "0", "Z", "-", "_", " ", "abc", "RFID-0001", "Station", '"', "\\", "/", "\n", "é", "\u2028"];

/** A string that the shape allows. */
export function validText(draw: Draw, shape: TextShape): string {
  if (shape.values !== undefined) return draw.pick(shape.values);
  if (shape.format !== undefined) {
    const text = anyOfFormat(draw, shape.format);
    if (hasFormat(shape.format, text)) return text;
    return draw.pick(shape.format === "uri" ? plainUris : plainDateTimes);
  }
  const limit = Math.min(shape.maxLength, 20_000);
  // The long limits are met in full by `edges.ts`; here they would only cost time.
  if (draw.chance(limit > 300 ? 0.01 : 0.15)) return ofLength(draw, limit - draw.below(Math.min(2, limit)));
  return ofLength(draw, draw.below(Math.min(limit, 24) + 1));
}

/** A string that has the right type and is not allowed, or hardly so. */
export function brokenText(draw: Draw, shape: TextShape): string {
  if (shape.values !== undefined) return brokenValue(draw, draw.pick(shape.values));
  if (shape.format !== undefined) return anyOfFormat(draw, shape.format);
  if (shape.maxLength > 20_000) return ofLength(draw, draw.below(40));
  return ofLength(draw, shape.maxLength + draw.below(3));
}

/** A string that is of the format or fails to be by a little. */
function anyOfFormat(draw: Draw, format: "date-time" | "uri"): string {
  return format === "uri" ? uri(draw) : dateTime(draw);
}

/** A string of so many code points, some of them astral, some of them lone surrogates. */
function ofLength(draw: Draw, length: number): string {
  if (length <= 0) return "";
  const filler = draw.pick(draw.chance(0.3) ? odd : words).slice(0, 2);
  const step = countOf(filler);
  const text = filler.repeat(Math.floor(length / step)) + "x".repeat(length % step);
  if (!draw.chance(0.3)) return text;
  // One character replaced by an odd one, and one more put before a lone high surrogate might swallow it.
  const place = draw.below(length);
  const units = Array.from(text.slice(0, 64));
  return place < units.length ? units.with(place, draw.pick(odd).slice(0, 2)).join("") + text.slice(64) : text;
}

/** A listed value with a slip that a station in the field might make. */
function brokenValue(draw: Draw, value: string): string {
  switch (draw.below(9)) {
    case 0:
      return value.toLowerCase();
    case 1:
      return value.toUpperCase();
    case 2:
      return `${value} `;
    case 3:
      return value.slice(0, -1);
    case 4:
      return `${value}\u0000`;
    case 5:
      return value.slice(0, 1).toLowerCase() + value.slice(1);
    case 6:
      return draw.pick(["", "Hertz", "Celcius", "Celsius", "Other", "Unknown", "Accepted", "Rejected", "null", "0"]);
    case 7:
      return draw.pick(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]);
    default:
      return withTypos(draw, value, "abcXYZ.-_0 ");
  }
}

function countOf(text: string): number {
  return Array.from(text).length;
}
