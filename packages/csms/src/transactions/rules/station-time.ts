const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?\s?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)?)?$/;

function number(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}

/**
 * The time that a station wrote, in milliseconds since 1970: ISO 8601 as OCPP asks for it, and what is seen in the field
 * besides: a space for the T, a comma before the fraction, no seconds, no zone (then it is UTC) or a date alone. Undefined
 * where it is none of these or not in the calendar. Never throws.
 */
export function parseStationTime(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, , sign, zoneHour, zoneMinute] = match;
  const date = new Date(0);
  date.setUTCFullYear(number(year), number(month) - 1, number(day));
  // A day that the month does not have would have moved on to the next one.
  if (date.getUTCMonth() !== number(month) - 1 || date.getUTCDate() !== number(day)) return undefined;
  if (number(hour) > 23 || number(minute) > 59 || number(second) > 60) return undefined;
  if (number(zoneHour) > 23 || number(zoneMinute) > 59) return undefined;
  const zone = (number(zoneHour) * 60 + number(zoneMinute)) * (sign === "-" ? -1 : 1);
  const milliseconds = Number(`${fraction ?? ""}000`.slice(0, 3));
  return date.getTime() + ((number(hour) * 60 + number(minute) - zone) * 60 + number(second)) * 1000 + milliseconds;
}
