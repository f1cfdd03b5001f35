/** What a value may get wrong. */
export type ViolationKind =
  | "type"
  | "required"
  | "value"
  | "length"
  | "items"
  | "range"
  | "format"
  | "unknown-property";

/** The first thing that is wrong with a value: of which kind, where, and in words that quote no value. */
export interface Violation {
  kind: ViolationKind;
  /** Property names and array indices that lead from the validated value to the place. */
  path: (string | number)[];
  message: string;
}

/**
 * Returns the first violation, or undefined if there is none. `tolerated` is a sum of bits from `edition.tolerances`:
 * what they name is let pass.
 */
export type Validator = (value: unknown, tolerated?: number) => Violation | undefined;

// The bits of `tolerated`, one per kind.
export const typeBit = 1;
export const requiredBit = 2;
export const valueBit = 4;
export const lengthBit = 8;
export const itemsBit = 16;
export const rangeBit = 32;
export const formatBit = 64;
export const unknownPropertyBit = 128;

export function violation(kind: ViolationKind, message: string): Violation {
  return { kind, path: [], message };
}

export function wrongType(expected: string, tolerated: number): Violation | undefined {
  return tolerated & typeBit ? undefined : violation("type", `must be ${expected}`);
}

/** Adds the step that led to a violation while the validators return. */
export function inside(step: string | number, found: Violation): Violation {
  found.path.unshift(step);
  return found;
}
