/** The furthest that a Date can be from 1970, in milliseconds. */
const FURTHEST = 8_640_000_000_000_000;

/** A time of ours as REST and events write it: ISO 8601 in UTC with milliseconds. */
export function isoTime(at: number): string {
  return new Date(Math.min(FURTHEST, Math.max(-FURTHEST, at))).toISOString();
}

/** A time that may be missing. */
export function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
