import { fieldError } from "./api-error.ts";

/** The furthest that a Date can be from 1970, in milliseconds. */
const FURTHEST = 8_640_000_000_000_000;

/** A time of ours as REST tells it: ISO 8601 in UTC with milliseconds. */
export function isoTime(at: number): string {
  return new Date(Math.min(FURTHEST, Math.max(-FURTHEST, at))).toISOString();
}

/** A time that may be missing. */
export function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads a time of a request: a date-time with an offset, or a date, which stands for its beginning in UTC. Throws the error
 * that names the field where it is neither.
 */
export function parseTime(text: string, field: string, where: "query" | "body" = "query"): number {
  const at = DATE.test(text) || DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || (DATE.test(text) && isoTime(at).slice(0, 10) !== text)) {
    throw fieldError(where, field, "must be a time such as 2026-01-31T12:00:00Z, or a date");
  }
  return at;
}
