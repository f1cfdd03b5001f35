import type { Draw } from "./draw.ts";
import { withTypos } from "./typo.ts";

/** Date-times that are plainly right in every reading of the format. */
export const plainDateTimes: readonly string[] = [
  "2024-02-29T12:00:00Z",
  "2023-12-31T23:59:59.999Z",
  "0000-01-01T00:00:00.0Z",
  "9999-12-31T23:59:59+14:00",
  "2024-06-15T08:30:00-03:30",
];

/** Date-times at the edges of what the format takes, on both sides of them. */
export const edgyDateTimes: readonly string[] = [
  ...plainDateTimes,
  // Parts that the reference takes although RFC 3339 does not, or only with a raised eyebrow.
  "2024-01-01t00:00:00z",
  "2024-01-01 00:00:00Z",
  "2024-01-01\t00:00:00Z",
  "2024-01-01\n00:00:00Z",
  "2024-01-01\u00a000:00:00Z",
  "2024-01-01\u202800:00:00Z",
  "2024-01-01\ufeff00:00:00Z",
  "2024-01-01T00:00:00.123456789Z",
  `2024-01-01T00:00:00.${"1".repeat(400)}Z`,
  "2024-01-01T00:00:00+01",
  "2024-01-01T00:00:00+0100",
  "2024-01-01T00:00:00-00:00",
  "2024-01-01T00:00:00+23:59",
  // Leap seconds, and what the reference's arithmetic for them lets through.
  "2016-12-31T23:59:60Z",
  "2016-12-31T23:59:60.5Z",
  "2016-12-31T23:59:60.999999999999999999Z",
  "2017-01-01T00:59:60+01:00",
  "2016-12-31T22:59:60-01:00",
  "2016-12-31T23:29:60-00:30",
  "2017-01-01T00:29:60+00:30",
  "2017-01-01T24:59:59+01:00",
  "2017-01-01T46:59:00+23:00",
  "2017-01-01T23:60:00+00:01",
  "2017-01-01T23:99:00+00:40",
  "2017-01-01T00:00:00+00:01",
  "2017-01-01T00:00:60+00:01",
  "2016-12-31T23:59:61Z",
  "2016-12-31T22:59:60Z",
  "2017-01-01T00:59:60Z",
  "2017-01-01T24:00:00Z",
  "2017-01-01T00:60:00Z",
  "2017-01-01T00:00:60Z",
  "2017-01-01T00:00:00+24:00",
  "2017-01-01T00:00:00+00:60",
  // Days that the calendar does not have.
  "2023-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  "2000-02-29T00:00:00Z",
  "2024-02-30T00:00:00Z",
  "2024-04-31T00:00:00Z",
  "2024-01-32T00:00:00Z",
  "2024-00-01T00:00:00Z",
  "2024-13-01T00:00:00Z",
  "2024-01-00T00:00:00Z",
  // Parts that are missing, doubled or foreign.
  "",
  "2024-01-01",
  "2024-01-01T00:00:00",
  "2024-01-01T00:00Z",
  "2024-01-01T00Z",
  "2024-01-01T00:00:00.Z",
  "2024-01-01T00:00:00,5Z",
  "2024-01-01T00:00:00 Z",
  "2024-01-01T00:00:00Z ",
  "2024-01-01T00:00:00Z\n",
  " 2024-01-01T00:00:00Z",
  "2024-01-01TT00:00:00Z",
  "2024-01-01T 00:00:00Z",
  "2024-01-01  00:00:00Z",
  "2024-01-01T00:00:00ZZ",
  "2024-01-01T00:00:00+1:00",
  "2024-01-01T00:00:00+01:0",
  "2024-01-01T00:00:00+01:",
  "2024-01-01T00:00:00+01:00:00",
  "2024-01-01T00:00:00\u221201:00",
  "2024-1-1T00:00:00Z",
  "24-01-01T00:00:00Z",
  "12024-01-01T00:00:00Z",
  "-2024-01-01T00:00:00Z",
  "+002024-01-01T00:00:00Z",
  "20240101T000000Z",
  "2024-W01-1T00:00:00Z",
  "2024/01/01T00:00:00Z",
  "2024-01-01T00:00:00[Europe/Berlin]",
  "Mon, 01 Jan 2024 00:00:00 GMT",
  "1704067200",
  "٢٠٢٤-01-01T00:00:00Z",
  "２０２４-01-01T00:00:00Z",
  "2024-01-01T00:00:00Z\u0000",
];

const separators = ["T", "T", "T", "t", " ", "\n", "\u2003", "TT", "", "_"];
const hours = ["00", "01", "12", "22", "23", "24", "25", "46", "99", "7"];
const minutes = ["00", "01", "30", "59", "60", "61", "99", "5"];
const seconds = ["00", "30", "59", "59.999", "60", "60.0", "60.999", "61", "0", "59.", "60.99999999999999999999"];
const zones = [
  "Z",
  "z",
  "",
  "+00:00",
  "-00:00",
  "+01:00",
  "-01:00",
  "+0130",
  "-23",
  "+23:59",
  "-23:59",
  "+24:00",
  "+00:01",
];
const odder = [...zones, "-00:01", "+00:40", "+00:60", "-12:34", "+14:00", "+1", "+123", "Z+01:00", "+00:99"];

/**
 * A text that is a date-time or fails to be one by a little: plain, at an edge, put together from parts that fit each other
 * or not, or with a few characters altered.
 */
export function dateTime(draw: Draw): string {
  switch (draw.below(5)) {
    case 0:
      return draw.pick(plainDateTimes);
    case 1:
      return draw.pick(edgyDateTimes);
    case 2:
      return withTypos(draw, draw.pick(edgyDateTimes), "0123456789TZtz:+-. ,\n\u00a0x");
    case 3:
      return `${day(draw)}T${two(draw.below(24))}:${two(draw.below(60))}:${two(draw.below(61))}${draw.pick(zones)}`;
    default:
      return day(draw) + draw.pick(separators) + time(draw);
  }
}

function day(draw: Draw): string {
  const year = draw.pick(["1900", "2000", "2023", "2024", "0000", "9999", String(draw.below(10_000)).padStart(4, "0")]);
  return `${year}-${two(draw.below(14))}-${two(draw.chance(0.5) ? 27 + draw.below(6) : draw.below(33))}`;
}

function time(draw: Draw): string {
  return `${draw.pick(hours)}:${draw.pick(minutes)}:${draw.pick(seconds)}${draw.pick(odder)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
