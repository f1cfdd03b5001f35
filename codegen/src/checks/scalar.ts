import { lengthBit, rangeBit, type Violation, valueBit, violation, wrongType } from "./violation.ts";

// Each check is one expression that succeeds, small enough for engines to inline; what fails goes elsewhere.

export function checkBoolean(value: unknown, tolerated: number): Violation | undefined {
  return typeof value === "boolean" ? undefined : wrongType("a boolean", tolerated);
}

export function checkString(value: unknown, tolerated: number): Violation | undefined {
  return typeof value === "string" ? undefined : wrongType("a string", tolerated);
}

export function checkStringUpTo(value: unknown, tolerated: number, max: number): Violation | undefined {
  return typeof value === "string" && value.length <= max ? undefined : longString(value, tolerated, max);
}

/** Lengths count code points; a string has at least half as many of them as it has code units. */
function longString(value: unknown, tolerated: number, max: number): Violation | undefined {
  if (typeof value !== "string") return wrongType("a string", tolerated);
  if (tolerated & lengthBit || (value.length <= 2 * max && Array.from(value).length <= max)) return undefined;
  return violation("length", `must have at most ${max} characters`);
}

export function otherValue(value: unknown, tolerated: number): Violation | undefined {
  if (typeof value !== "string") return wrongType("a string", tolerated);
  return tolerated & valueBit ? undefined : violation("value", "must be one of the allowed values");
}

export function checkInteger(value: unknown, tolerated: number): Violation | undefined {
  return Number.isInteger(value) ? undefined : wrongType("an integer", tolerated);
}

export function checkIntegerIn(value: unknown, tolerated: number, min: number, max: number): Violation | undefined {
  return Number.isInteger(value) ? checkRange(value, tolerated, min, max) : wrongType("an integer", tolerated);
}

export function checkNumber(value: unknown, tolerated: number): Violation | undefined {
  return Number.isFinite(value) ? undefined : wrongType("a number", tolerated);
}

export function checkNumberIn(value: unknown, tolerated: number, min: number, max: number): Violation | undefined {
  return Number.isFinite(value) ? checkRange(value, tolerated, min, max) : wrongType("a number", tolerated);
}

function checkRange(value: unknown, tolerated: number, min: number, max: number): Violation | undefined {
  const number = Number(value);
  if ((number >= min && number <= max) || tolerated & rangeBit) return undefined;
  return violation("range", number < min ? `must be at least ${min}` : `must be at most ${max}`);
}

/** Multiples of a decimal fraction are not exact in binary, so a millionth of the step is allowed. */
export function checkMultiple(value: unknown, tolerated: number, step: number): Violation | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return wrongType("a number", tolerated);
  const steps = value / step;
  if (!(Math.abs(Math.round(steps) - steps) > 1e-6) || tolerated & rangeBit) return undefined;
  return violation("range", `must be a multiple of ${step}`);
}
