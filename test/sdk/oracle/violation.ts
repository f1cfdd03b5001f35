/** The kinds of violation, in the order of their bits. */
export const kinds = ["type", "required", "value", "length", "items", "range", "format", "unknown-property"] as const;

/** What is wrong with a value. */
export type Kind = (typeof kinds)[number];

/** The bit that lets a kind of violation pass, as users of the packages are told. */
export const bits: Readonly<Record<Kind, number>> = {
  type: 1,
  required: 2,
  value: 4,
  length: 8,
  items: 16,
  range: 32,
  format: 64,
  "unknown-property": 128,
};

/** The bits of the quirks: what stations in the field send although the schemas forbid it. */
export const quirks = { lenientDateTime: 256, hertz: 512 } as const;

/** The first thing wrong with a value. */
export interface Violation {
  readonly kind: Kind;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A validator under test. */
export type Validator = (value: unknown, tolerated?: number) => Violation | undefined;
