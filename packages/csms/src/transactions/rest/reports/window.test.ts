import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportWindow } from "./window.ts";

const instants = (startDate: string, endDate: string, timeZone: string): string[] => {
  const { start, end } = reportWindow(startDate, endDate, timeZone);
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

describe("the window of a report", () => {
  it("reaches from the start of the first day to the end of the last", () => {
    expect(instants("2026-01-01", "2026-01-31", "UTC")).toEqual([
      "2026-01-01T00:00:00.000Z",
      "2026-02-01T00:00:00.000Z",
    ]);
    expect(instants("2026-01-01", "2026-01-01", "Europe/Copenhagen")).toEqual([
      "2025-12-31T23:00:00.000Z",
      "2026-01-01T23:00:00.000Z",
    ]);
  });

  it("has days of 23 and 25 hours where clocks change", () => {
    const hours = (day: string): number => {
      const { start, end } = reportWindow(day, day, "Europe/Copenhagen");
      return (end - start) / 3_600_000;
    };
    expect([hours("2026-03-29"), hours("2026-10-25"), hours("2026-06-01")]).toEqual([23, 25, 24]);
  });

  it("starts a day whose midnight is skipped when clocks come out of the gap", () => {
    expect(instants("2018-11-04", "2018-11-04", "America/Sao_Paulo")[0]).toBe("2018-11-04T03:00:00.000Z");
  });

  it("leaves no gap and no overlap between adjoining days, in any time zone", () => {
    const zones = [
      "UTC",
      "Europe/Copenhagen",
      "America/Sao_Paulo",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "America/Havana",
    ];
    const day = (index: number): string => new Date(index * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 3650, max: 23_000 }),
        fc.nat(400),
        (zone, from, length) => {
          const middle = from + Math.floor(length / 2);
          const whole = reportWindow(day(from), day(from + length + 1), zone);
          const early = reportWindow(day(from), day(middle), zone);
          const late = reportWindow(day(middle + 1), day(from + length + 1), zone);
          expect(early.end).toBe(late.start);
          expect([early.start, late.end]).toEqual([whole.start, whole.end]);
          expect(early.start).toBeLessThan(early.end);
        },
      ),
    );
  });

  it("refuses what is no date, no time zone, or ends before it starts, and names the field", () => {
    const wrong: [string, string, string, string][] = [
      ["2026-02-30", "2026-03-01", "UTC", "startDate"],
      ["01.02.2026", "2026-03-01", "UTC", "startDate"],
      ["2026-03-01", "2026-3-2", "UTC", "endDate"],
      ["2026-03-02", "2026-03-01", "UTC", "endDate"],
      ["2026-03-01", "2026-03-01", "Mars/Olympus", "timeZone"],
    ];
    for (const [start, end, zone, field] of wrong) {
      expect(() => reportWindow(start, end, zone), field).toThrow(field);
    }
  });
});
