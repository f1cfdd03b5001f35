import { describe, expect, it } from "vitest";
import { dateTime, edgyDateTimes } from "./date-time.ts";
import { type Draw, drawOf } from "./draw.ts";
import { hasFormat } from "./reference.ts";
import { runs, seed } from "./runs.ts";
import { versions } from "./schema.ts";
import { validatorOf } from "./subject.ts";
import { edgyUris, uri } from "./uri.ts";
import type { Violation } from "./violation.ts";

/** How many texts are drawn for each format and version. */
const draws = runs * 100;

describe.each(versions)("date-time in %s", (version) => {
  const validate = validatorOf(version, "HeartbeatResponse");
  const judge = (text: string) => validate({ currentTime: text });

  it("takes and refuses the edges as ajv-formats does", () => {
    expectAgreement("date-time", judge, edgyDateTimes);
  });

  it(`takes and refuses ${draws} drawn texts as ajv-formats does`, () => {
    expectAgreement("date-time", judge, drawn(dateTime));
  });

  it("takes and refuses every time of day in every zone as ajv-formats does", () => {
    expectAgreement("date-time", judge, timesOfDay());
  });

  it("takes and refuses every day of the calendar as ajv-formats does", () => {
    expectAgreement("date-time", judge, daysOfYears());
  });

  it("takes and refuses every UTF-16 unit in every role as ajv-formats does", () => {
    const places = ["2024-01-01^00:00:00Z", "2024-01-0^T00:00:00Z", "2024-01-01T00:00:00^", "2024-01-01T00:00:00.^Z"];
    expectAgreement("date-time", judge, withEveryUnit([...places, "^2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z^"]));
  });
});

describe("uri in 1.6", () => {
  const validate = validatorOf("1.6", "GetDiagnosticsRequest");
  const judge = (text: string) => validate({ location: text });

  it("takes and refuses the edges as ajv-formats does", () => {
    expectAgreement("uri", judge, edgyUris);
  });

  it(`takes and refuses ${draws} drawn texts as ajv-formats does`, () => {
    expectAgreement("uri", judge, drawn(uri));
  });

  it("takes and refuses every UTF-16 unit in every role as ajv-formats does", () => {
    const parts = ["^a:b", "a^:b", "a:^", "a:b^c", "a:/^", "a://^", "a://u^@h", "a://h^", "a://h:^", "a://h:8^"];
    const more = [
      "a://h/^",
      "a://h?^",
      "a://h#^",
      "a://[^::1]",
      "a://[v^.a]",
      "a://[v1.^]",
      "a://[::1]^",
      "a:%^0",
      "a:%0^",
    ];
    expectAgreement("uri", judge, withEveryUnit([...parts, ...more]));
  });

  it("takes and refuses every way to shorten an address as ajv-formats does", () => {
    expectAgreement("uri", judge, addresses());
  });
});

function expectAgreement(
  format: "date-time" | "uri",
  judge: (text: string) => Violation | undefined,
  texts: Iterable<string>,
) {
  const wrong: string[] = [];
  for (const text of texts) {
    const violation = judge(text);
    if ((violation === undefined) === hasFormat(format, text) && (violation?.kind ?? "format") === "format") continue;
    wrong.push(
      `${JSON.stringify(text)}: ours ${violation?.kind ?? "valid"}, ajv ${hasFormat(format, text) ? "valid" : "invalid"}`,
    );
    if (wrong.length === 20) break;
  }
  expect(wrong).toEqual([]);
}

function* drawn(text: (draw: Draw) => string): IterableIterator<string> {
  const draw = drawOf(seed);
  for (let count = 0; count < draws; count += 1) yield text(draw);
}

function* timesOfDay(): IterableIterator<string> {
  const minutes = ["00", "01", "29", "30", "31", "58", "59", "60", "61", "89", "98", "99"];
  const seconds = ["00", "59", "59.9", "60", "60.0", "60.9", "61", "99"];
  const hours = ["00", "01", "02", "12", "13", "14", "22", "23", "24", "25"];
  const zones = ["", "Z", "z", ...hours, ...hours.flatMap((hour) => minutes.map((minute) => `${hour}:${minute}`))];
  for (const hour of [0, 1, 12, 22, 23, 24, 25, 36, 46, 47, 48, 99]) {
    for (const minute of minutes) {
      for (const second of seconds) {
        const time = `${String(hour).padStart(2, "0")}:${minute}:${second}`;
        for (const zone of zones) {
          if (/^\d/.test(zone)) yield* [`2024-01-01T${time}+${zone}`, `2024-01-01T${time}-${zone}`];
          else yield `2024-01-01T${time}${zone}`;
        }
      }
    }
  }
}

function* daysOfYears(): IterableIterator<string> {
  for (const year of [
    "0000",
    "0004",
    "0100",
    "0400",
    "1600",
    "1900",
    "1996",
    "2000",
    "2023",
    "2024",
    "2100",
    "2400",
    "9999",
  ]) {
    for (let month = 0; month < 100; month += 1) {
      for (let day = 0; day < 100; day += 1) {
        yield `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T00:00:00Z`;
      }
    }
  }
}

function* withEveryUnit(places: readonly string[]): IterableIterator<string> {
  for (const place of places) {
    const [before = "", after = ""] = place.split("^");
    for (let unit = 0; unit < 65_536; unit += 1) yield before + String.fromCharCode(unit) + after;
  }
}

/** IPv6 addresses of every count of groups, shortened at every place and at two, with and without an IPv4 tail. */
function* addresses(): IterableIterator<string> {
  for (let before = 0; before <= 9; before += 1) {
    for (let after = 0; after <= 9; after += 1) {
      for (const gap of ["", ":", "::", ":::", "::1::"]) {
        for (const tail of ["", ":1.2.3.4", "1.2.3.4", ":1.2.3", ":256.1.1.1", ":01.099.0.199"]) {
          yield `http://[${groups(before)}${gap}${groups(after)}${tail}]/`;
        }
      }
    }
  }
}

function groups(count: number): string {
  return Array.from({ length: count }, (_, index) => ["1", "ab", "FFF", "0000"][index % 4]).join(":");
}
