import { describe, expect, it } from "vitest";
import { hasFormat } from "../oracle/reference.ts";
import { messagesOf, versions } from "../oracle/schema.ts";
import { shapeOf } from "../oracle/shape.ts";
import { validatorOf } from "../oracle/subject.ts";
import type { Validator } from "../oracle/violation.ts";
import { placementsOf } from "./placement.ts";
import { everything, verdict } from "./verdict.ts";

const size = 10 * 1024 * 1024;

/** Ten million characters of each sort that a counter of code points has to tell apart. */
const giants = [
  { name: "letters", text: "x".repeat(size) },
  { name: "astral characters", text: "\u{1f600}".repeat(size / 2) },
  { name: "high surrogates", text: "\ud800".repeat(size) },
  { name: "low surrogates", text: "\udc00".repeat(size) },
  { name: "digits", text: "7".repeat(size) },
];

describe.each(versions)("the validators of %s", (version) => {
  const places = messagesOf(version).flatMap(({ name, schema }) =>
    placementsOf(shapeOf(schema)).map((placement) => ({ ...placement, name, validate: validatorOf(version, name) })),
  );

  it.each(giants)("judge 10 MB of $name in every place within a minute", ({ text }) => {
    const start = performance.now();
    for (const { name, path, shape, validate, document } of places) {
      const violation = verdict(validate, document(text));
      const free = shape.is === "any" || (shape.is === "text" && shape.maxLength === Number.POSITIVE_INFINITY);
      const listed = shape.is === "text" && (shape.values !== undefined || shape.format !== undefined);
      expect(violation === undefined, `${name}${path}`).toBe(free && !listed);
    }
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  it("judge a key of 10 MB within a minute, and do not repeat it", () => {
    const start = performance.now();
    const key = "k".repeat(size);
    for (const { name, path, shape, validate, document } of places) {
      if (shape.is !== "object") continue;
      const violation = verdict(validate, document({ [key]: 1 }));
      expect(violation, `${name}${path}`).toBeDefined();
    }
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});

/**
 * Texts that send a careless pattern back and forth, or its machine out of stack, when their repeated part is repeated ten
 * million times. The verdict they deserve is that of the reference on the same text with the part repeated twenty times.
 */
interface Repetition {
  readonly name: string;
  readonly before?: string;
  readonly part: string;
  readonly after?: string;
}

const dateTimes: readonly Repetition[] = [
  { name: "a fraction", before: "2024-01-01T00:00:00.", part: "1", after: "Z" },
  { name: "a fraction without a zone", before: "2024-01-01T00:00:00.", part: "1" },
  { name: "a fraction and a letter", before: "2024-01-01T00:00:00.", part: "1", after: "x" },
  { name: "a fraction of zeros in a leap second", before: "2016-12-31T23:59:60.", part: "0", after: "Z" },
  { name: "a fraction of nines in a leap second", before: "2016-12-31T23:59:60.", part: "9", after: "Z" },
  { name: "separators", before: "2024-01-01", part: "T", after: "00:00:00Z" },
  { name: "spaces", before: "2024-01-01", part: " ", after: "00:00:00Z" },
  { name: "nothing but spaces", part: " " },
  { name: "nothing but separators", part: "T " },
  { name: "digits", part: "1" },
  { name: "zones", before: "2024-01-01T00:00:00", part: "Z" },
  { name: "a long offset", before: "2024-01-01T00:00:00+01:", part: "0" },
  { name: "spaces at the end", before: "2024-01-01T00:00:00Z", part: " " },
  { name: "dashes", part: "-" },
  { name: "dates", part: "2024-01-01T00:00:00Z" },
];

const uris: readonly Repetition[] = [
  { name: "a scheme", part: "a", after: ":b" },
  { name: "a scheme without an end", part: "a" },
  { name: "a path", before: "http://h/", part: "a" },
  { name: "a path and a space", before: "http://h/", part: "a", after: " " },
  { name: "a path of slashes", before: "http://h", part: "/" },
  { name: "a path of slashes and a space", before: "http://h", part: "/", after: " " },
  { name: "a path of escapes", before: "http://h/", part: "%41" },
  { name: "a path of escapes, the last one cut", before: "http://h/", part: "%41", after: "%4" },
  { name: "a path of short steps", before: "http://h", part: "/a" },
  { name: "a path of short steps and a bracket", before: "http://h", part: "/a", after: "[" },
  { name: "a rootless path", before: "a:", part: "b/" },
  { name: "a rootless path and a bracket", before: "a:", part: "b/", after: "[" },
  { name: "a user", before: "http://", part: "u", after: "@h" },
  { name: "a user and an address", before: "http://", part: "u", after: "@[::1]" },
  { name: "a user without a host", before: "http://", part: "u:" },
  { name: "at signs", before: "http://", part: "@" },
  { name: "a host", before: "http://", part: "h" },
  { name: "a host and a space", before: "http://", part: "h", after: " " },
  { name: "a host of dots", before: "http://", part: "1." },
  { name: "a port", before: "http://h:", part: "8" },
  { name: "a port and a letter", before: "http://h:", part: "8", after: "x" },
  { name: "a port and a bracket", before: "http://[::1]:", part: "8", after: "[" },
  { name: "an address", before: "http://[", part: "1:", after: "]" },
  { name: "an address of colons", before: "http://[", part: ":", after: "]" },
  { name: "an address without an end", before: "http://[", part: "1:" },
  { name: "a future address", before: "http://[v1.", part: "a", after: "]" },
  { name: "a future address without an end", before: "http://[v1.", part: "a" },
  { name: "a future version", before: "http://[v", part: "1", after: ".a]" },
  { name: "a query", before: "a:b?", part: "q" },
  { name: "a query and a bracket", before: "a:b?", part: "q", after: "[" },
  { name: "a fragment", before: "a:b#", part: "f" },
  { name: "a fragment and another", before: "a:b#", part: "f", after: "#" },
  { name: "question marks", before: "a:b", part: "?" },
  { name: "hash signs", before: "a:b", part: "#" },
  { name: "colons", before: "a", part: ":" },
  { name: "slashes", part: "/" },
  { name: "percent signs", before: "a:", part: "%" },
  { name: "letters from elsewhere", before: "a:", part: "ü" },
];

describe.each(versions)("a date-time of 10 MB in %s", (version) => {
  const validate = validatorOf(version, "HeartbeatResponse");
  it.each(dateTimes)("of $name is judged in time", (repetition) => {
    expectQuick(validate, "currentTime", "date-time", repetition);
  });
});

describe("a URI of 10 MB in 1.6", () => {
  const validate = validatorOf("1.6", "GetDiagnosticsRequest");
  it.each(uris)("of $name is judged in time", (repetition) => {
    expectQuick(validate, "location", "uri", repetition);
  });
});

/** The right verdict, strict and with every quirk, within five seconds; it takes milliseconds unless something backtracks. */
function expectQuick(validate: Validator, key: string, format: "date-time" | "uri", repetition: Repetition): void {
  const { before = "", part, after = "" } = repetition;
  const start = performance.now();
  const value = { [key]: before + part.repeat(size / part.length) + after };
  const violation = verdict(validate, value);
  expect(violation?.kind).toBe(hasFormat(format, before + part.repeat(20) + after) ? undefined : "format");
  verdict(validate, value, everything & ~255);
  expect(performance.now() - start).toBeLessThan(5_000);
}
