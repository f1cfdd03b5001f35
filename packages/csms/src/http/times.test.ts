import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isoTime, isoTimeOrNull } from "../shared/iso-time.ts";
import { ApiError } from "./api-error.ts";
import { parseTime } from "./times.ts";

it("reads what it writes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
      expect(parseTime(isoTime(at), "from")).toBe(at);
    }),
  );
});

it("writes every number that a database can hold", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (at) => {
      expect(isoTime(at)).toMatch(/^[+-]?\d{4,6}-/);
    }),
  );
  expect(isoTimeOrNull(null)).toBeNull();
});

it.each([
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2026-01-31T12:00Z", "2026-01-31T12:00:00.000Z"],
  ["2026-01-31T12:00:00.5+02:00", "2026-01-31T10:00:00.500Z"],
  ["2024-02-29", "2024-02-29T00:00:00.000Z"],
])("reads %s", (text, expected) => {
  expect(isoTime(parseTime(text, "from"))).toBe(expected);
});

it.each([
  "",
  "today",
  "2026-02-30",
  "2026-13-01",
  "2026-01-31T12:00:00",
  "2026-1-1",
  "1767225600",
  "2026-01-31T25:00:00Z",
  "+275761-01-01",
])("refuses %j", (text) => {
  expect(() => parseTime(text, "from")).toThrow(ApiError);
});
