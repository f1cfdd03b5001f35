import { fieldError } from "../../../http/api-error.ts";
import type { Window } from "../../repository/report-sessions.ts";

const DAY = 86_400_000;

/** What the clocks of a time zone show at an instant, as if it were UTC. */
type WallClock = (at: number) => number;

function wallClock(timeZone: string): WallClock {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw fieldError("query", "timeZone", "must be the name of a time zone, such as UTC or Europe/Copenhagen");
  }
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

function readDate(text: string, field: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0 || new Date(at).toISOString().slice(0, 10) !== text) {
    throw fieldError("query", field, "must be a date such as 2026-01-31, not before 1970");
  }
  return at;
}

/** The first instant of a day. Where clocks skip midnight, that is when they come out; where they repeat it, the first. */
function dayStart(midnight: number, wall: WallClock): number {
  const candidates = [midnight - DAY, midnight + DAY].map((near) => midnight - (wall(near) - near));
  const fitting = candidates.filter((at) => wall(at) >= midnight);
  return Math.min(...(fitting.length > 0 ? fitting : candidates));
}

/**
 * The window from the start of one day to the end of another, by the clocks of a time zone, so that the windows of
 * adjoining days touch and do not overlap. Throws the error that names the field where a date or the time zone is none, or
 * the end is before the start.
 */
export function reportWindow(startDate: string, endDate: string, timeZone: string): Window {
  const first = readDate(startDate, "startDate");
  const last = readDate(endDate, "endDate");
  if (last < first) throw fieldError("query", "endDate", "must not be before startDate");
  const wall = wallClock(timeZone);
  return { start: dayStart(first, wall), end: dayStart(last + DAY, wall) };
}
