import { inside, itemsBit, type Violation, violation, wrongType } from "./violation.ts";

export function checkArray(
  value: unknown,
  tolerated: number,
  check: (value: unknown, tolerated: number) => Violation | undefined,
  min = 0,
  max = Infinity,
): Violation | undefined {
  if (!Array.isArray(value)) return wrongType("an array", tolerated);
  const { length } = value;
  if ((length < min || length > max) && !(tolerated & itemsBit)) return wrongLength(length, min, max);
  for (let index = 0; index < length; index++) {
    const found = check(value[index], tolerated);
    if (found !== undefined) return inside(index, found);
  }
  return undefined;
}

function wrongLength(length: number, min: number, max: number): Violation {
  const [word, bound] = length < min ? ["least", min] : ["most", max];
  return violation("items", `must have at ${word} ${bound} ${bound === 1 ? "item" : "items"}`);
}
