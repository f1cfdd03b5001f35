import { isoTime } from "../shared/iso-time.ts";
import { fieldError } from "./api-error.ts";

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
