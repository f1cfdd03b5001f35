import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStationTime } from "./station-time.ts";

describe("parseStationTime", () => {
  it.each([
    ["2026-03-01T12:30:15Z", "2026-03-01T12:30:15.000Z"],
    ["2026-03-01T12:30:15.25Z", "2026-03-01T12:30:15.250Z"],
    ["2026-03-01T12:30:15,1239999Z", "2026-03-01T12:30:15.123Z"],
    ["2026-03-01T12:30:15+02:00", "2026-03-01T10:30:15.000Z"],
    ["2026-03-01T12:30:15-0530", "2026-03-01T18:00:15.000Z"],
    ["2026-03-01T12:30:15+02", "2026-03-01T10:30:15.000Z"],
    ["2026-03-01 12:30:15", "2026-03-01T12:30:15.000Z"],
    [" 2026-03-01t12:30z ", "2026-03-01T12:30:00.000Z"],
    ["2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
  ])("reads %s", (text, expected) => {
    expect(new Date(parseStationTime(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each([
    "",
    "now",
    "12:30:15",
    "2026-02-30T00:00:00Z",
    "2026-13-01",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:00+24:00",
    "2026-1-1",
    "1772368215",
    `2026-01-01${" ".repeat(80)}`,
  ])("gives up on %j", (text) => {
    expect(parseStationTime(text)).toBeUndefined();
  });

  it("reads every time that toISOString writes", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          expect(parseStationTime(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-0-9T:.,Z+ ]{0,30}$/)), (text) => {
        const time = parseStationTime(text);
        expect(time === undefined || Number.isFinite(time)).toBe(true);
      }),
    );
  });
});
