import { formatBit, type Violation, violation, wrongType } from "./violation.ts";

export const lenientDateTimeBit = 256;

export function checkDateTime(value: unknown, tolerated: number): Violation | undefined {
  return typeof value === "string" && isDateTime(value, false) ? undefined : otherTime(value, tolerated);
}

function otherTime(value: unknown, tolerated: number): Violation | undefined {
  if (typeof value !== "string") return wrongType("a string", tolerated);
  if (tolerated & formatBit || (tolerated & lenientDateTimeBit && isDateTime(value, true))) return undefined;
  return violation("format", "must be a date and time with a time zone, as in 2025-01-31T23:59:59Z");
}

// What stands for "no number"; small integers are cheaper than NaN, and this one keeps every sum below zero.
const none = -100_000;

/** The number that two digits at a place of a text make, or `none`. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : none;
}

const hyphen = 45;
const colon = 58;

/**
 * RFC 3339 as JSON Schema validators read it: a date that exists, `T` or a white space, a time, and a zone that is `Z`,
 * `+hh`, `+hhmm` or `+hh:mm`. A leap second is one at 23:59:60 UTC. The lenient reading lets seconds and zone be
 * absent.
 */
export function isDateTime(text: string, lenient: boolean): boolean {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false;
  if (text.charCodeAt(4) !== hyphen || text.charCodeAt(7) !== hyphen || text.charCodeAt(13) !== colon) return false;
  if (text.charCodeAt(10) !== 84 && !/[t\s]/.test(text.charAt(10))) return false;
  const hours = twoDigits(text, 11);
  const minutes = twoDigits(text, 14);
  let at = 16;
  let seconds = 0;
  if (text.charCodeAt(16) === colon) {
    seconds = twoDigits(text, 17);
    at = 19;
    if (text.charCodeAt(19) === 46) {
      do at++;
      while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57);
      if (at === 20) return false;
      if (seconds >= 59) seconds = Number(text.slice(17, at)); // many nines round up to a leap second
    }
  } else if (!lenient) return false;
  const offset = zoneOffset(text, at, lenient);
  if (hours < 0 || minutes < 0 || seconds < 0 || offset === none) return false;
  if (hours <= 23 && minutes <= 59 && seconds < 60) return true;
  // A leap second, which is the last of a day in UTC wherever it is noted.
  const utcMinutes = minutes - (offset % 60);
  const utcHours = hours - Math.trunc(offset / 60) - (utcMinutes < 0 ? 1 : 0);
  return (utcHours === 23 || utcHours === -1) && (utcMinutes === 59 || utcMinutes === -1) && seconds < 61;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Minutes east of UTC that the rest of a text names, or `none` if it names no zone. */
function zoneOffset(text: string, at: number, lenient: boolean): number {
  const rest = text.length - at;
  const sign = text.charCodeAt(at);
  if (rest === 0) return lenient ? 0 : none;
  if (rest === 1) return sign === 90 || sign === 122 ? 0 : none;
  if (sign !== 43 && sign !== hyphen) return none;
  const hours = twoDigits(text, at + 1);
  const skip = text.charCodeAt(at + 3) === colon ? 1 : 0;
  const minutes = rest === 3 ? 0 : rest === 5 + skip ? twoDigits(text, at + 3 + skip) : none;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return none;
  return (sign === hyphen ? -1 : 1) * (hours * 60 + minutes);
}
