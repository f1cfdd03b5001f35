/** The numbers that have come, as ranges in order with gaps between them. */
export type SequenceNumbers = readonly (readonly [from: number, to: number])[];

/** Whether a number has come. */
export function hasNumber(numbers: SequenceNumbers, number: number): boolean {
  let low = 0;
  let high = numbers.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = numbers[middle];
    if (range === undefined) return false;
    if (number < range[0]) high = middle - 1;
    else if (number > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** The numbers and one more. */
export function withNumber(numbers: SequenceNumbers, number: number): SequenceNumbers {
  if (hasNumber(numbers, number)) return numbers;
  const before = numbers.filter(([, to]) => to < number - 1);
  const after = numbers.filter(([from]) => from > number + 1);
  const touching = numbers.slice(before.length, numbers.length - after.length);
  const from = Math.min(number, touching[0]?.[0] ?? number);
  const to = Math.max(number, touching.at(-1)?.[1] ?? number);
  return [...before, [from, to], ...after];
}

/** How many different numbers have come. */
export function countNumbers(numbers: SequenceNumbers): number {
  return numbers.reduce((count, [from, to]) => count + to - from + 1, 0);
}

/** How many numbers between the lowest and the highest have not come. */
export function countMissing(numbers: SequenceNumbers): number {
  const first = numbers[0];
  const last = numbers.at(-1);
  return first === undefined || last === undefined ? 0 : last[1] - first[0] + 1 - countNumbers(numbers);
}
