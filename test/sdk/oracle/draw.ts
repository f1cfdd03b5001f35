/** A source of random choices, the same ones again for the same seed. */
export interface Draw {
  /** A whole number from 0 up to but not including `bound`, which is at least 1. */
  below(bound: number): number;
  /** True in the given share of the cases. */
  chance(share: number): boolean;
  /** One of the elements of a list that has some. */
  pick<T>(list: readonly T[]): T;
}

/** Choices from a 32-bit seed (mulberry32: small, fast, and good enough to spread test data). */
export function drawOf(seed: number): Draw {
  let state = seed | 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  return {
    below: (bound) => Math.floor(next() * bound),
    chance: (share) => next() < share,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the index is within the list
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T,
  };
}

/** A 32-bit seed from a text (FNV-1a), so that each message of each version draws its own documents. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}
