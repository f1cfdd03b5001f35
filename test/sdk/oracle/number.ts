import type { Draw } from "./draw.ts";
import type { NumberShape } from "./shape.ts";

/** Whole numbers at the edges of what machines and JSON take for one. */
export const edgyIntegers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  1e21,
  -1e21,
  1e308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
];

/** Numbers with a fraction, among them those that binary arithmetic is known for. */
export const edgyFractions: readonly number[] = [
  0.1,
  -0.1,
  0.3,
  0.1 + 0.2,
  0.7,
  1.1,
  4.35,
  0.5,
  1.5,
  99.99999999999999,
  100.00000000000001,
  5e-324,
  -5e-324,
  Number.EPSILON,
  1e-7,
  1e-8,
  123456789.1,
  9007199254740.1,
  9007199254740991 / 8,
];

/** A number that the shape allows. */
export function validNumber(draw: Draw, shape: NumberShape): number {
  for (let attempts = 0; attempts < 4; attempts += 1) {
    const value = anyNumber(draw, shape);
    if (isAllowed(shape, value)) return value;
  }
  return Math.max(shape.min, Math.min(shape.max, 1));
}

/** A number near the edges of the shape, on either side of them. */
export function anyNumber(draw: Draw, shape: NumberShape): number {
  switch (draw.below(shape.multipleOf === undefined ? 5 : 7)) {
    case 0:
      return draw.pick(edgyIntegers);
    case 1:
      return draw.pick(edgyFractions);
    case 2:
      return Number.isFinite(shape.min) ? shape.min + draw.pick(steps) : draw.below(1000) - 500;
    case 3:
      return Number.isFinite(shape.max) ? shape.max + draw.pick(steps) : draw.below(100_000);
    case 4:
      return shape.integer ? draw.below(100) : draw.below(100_000) / 100;
    default:
      return nearMultiple(draw, shape.multipleOf ?? 1);
  }
}

const steps = [0, 0, 1, -1, 0.1, -0.1, 0.5, -0.5, 1e-9, -1e-9, 1e-15, -1e-15, 1e6, -1e6];
const slips = [
  0, 0, 0, 0, 1e-9, 9e-8, 0.9999e-7, 0.99999999e-7, 1e-7, 1.00000001e-7, 1.0001e-7, 1.1e-7, 1e-6, 0.01, 0.05,
];

/** A multiple as a decimal, as a product or off by about as much as the reference forgives. */
function nearMultiple(draw: Draw, step: number): number {
  const times = draw.below(draw.chance(0.5) ? 10_001 : 2 ** 30) * (draw.chance(0.9) ? 1 : -1);
  const exact = draw.chance(0.5) ? times / Math.round(1 / step) : times * step;
  return exact + draw.pick(slips) * (draw.chance(0.5) ? 1 : -1);
}

/** Whether the shape allows a number; of a multiple that is one but for rounding, as the reference rounds. */
function isAllowed(shape: NumberShape, value: number): boolean {
  if (value < shape.min || value > shape.max || (shape.integer && !Number.isInteger(value))) return false;
  if (shape.multipleOf === undefined) return true;
  const times = value / shape.multipleOf;
  return Math.abs(Math.round(times) - times) < 1e-7;
}
