import { fullFormats } from "ajv-formats/dist/formats.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDateTime, isDateTime, lenientDateTimeBit } from "./date-time.ts";

const format = fullFormats["date-time"] as { validate(text: string): boolean };
const oracle = (text: string): boolean => format.validate(text);

const two = fc.oneof(
  fc.integer({ min: 0, max: 61 }).map((n) => String(n).padStart(2, "0")),
  fc.constantFrom("", "9", "x1"),
);
const date = fc
  .tuple(fc.constantFrom("2024", "2023", "1900", "2000", "0000", "202"), two, two)
  .map((parts) => parts.join("-"));
const clock = fc.tuple(
  two,
  two,
  fc.oneof(two, fc.constantFrom("60", "60.5", "59.99999999999999999999", "00.", "00.1")),
);
const zone = fc.oneof(
  fc.constantFrom("Z", "z", "", "+1", "+01:", "+01:0", "+01x00", "Z ", " Z", "+24:00"),
  fc.tuple(fc.constantFrom("+", "-"), two, fc.constantFrom(":", ""), two).map((parts) => parts.join("")),
);
const separator = fc.constantFrom("T", "t", " ", "\u00a0", "\u2028", "\n", "  ", "x", "");
const almost = fc.tuple(date, separator, clock, zone).map(([d, s, c, z]) => d + s + c.join(":") + z);
const leap = fc
  .tuple(fc.constantFrom("23", "00", "22", "01"), fc.constantFrom("59", "00", "29"), zone)
  .map(([hours, minutes, z]) => `2016-12-31T${hours}:${minutes}:60${z}`);

describe("date-time", () => {
  it("has the verdict of ajv-formats in full mode", () => {
    fc.assert(
      fc.property(fc.oneof(almost, leap, fc.string()), (text) => {
        expect(isDateTime(text, false)).toBe(oracle(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ["2024-02-29T12:00:00Z", true],
    ["2023-02-29T12:00:00Z", false],
    ["2024-04-31T12:00:00Z", false],
    ["2024-01-31T12:00:00.123456789+0100", true],
    ["2016-12-31T23:59:60Z", true],
    ["2016-12-31T22:59:60Z", false],
    ["2017-01-01T00:59:60+01:00", true],
    ["2024-01-31T12:00:00", false],
    ["2024-01-31T12:00Z", false],
  ])("%s: %s", (text, valid) => {
    expect(isDateTime(text, false)).toBe(valid);
    expect(oracle(text)).toBe(valid);
  });

  it.each(["2024-01-31T12:00:00", "2024-01-31T12:00", "2024-01-31 12:00:00.5", "2024-01-31T12:00Z"])(
    "the lenient reading takes %s",
    (text) => {
      expect(checkDateTime(text, 0)?.kind).toBe("format");
      expect(checkDateTime(text, lenientDateTimeBit)).toBeUndefined();
    },
  );

  it.each(["2024-01-31", "2024-13-31T12:00:00", "yesterday", ""])("no reading takes %j", (text) => {
    expect(checkDateTime(text, lenientDateTimeBit)?.kind).toBe("format");
  });

  it("is done with long texts in no time", () => {
    expect(isDateTime(`2024-01-31T12:00:00.${"9".repeat(10_000_000)}Z`, false)).toBe(true);
  });
});
