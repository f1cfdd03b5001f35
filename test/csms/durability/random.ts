/** Chance that can be repeated: the same seed gives the same draws. */
export interface Chance {
  /** A number from 0 up to, but not including, 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** Chance of its own for somebody, so that what others draw does not change it. */
  branch(): Chance;
}

/** Makes chance of a seed, by mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    branch: () => chanceOf(Math.floor(next() * 0x1_0000_0000)),
  };
}

/** The seed of a run: what `OCPP_DURABILITY_SEED` says, or another one each time. It is printed, so that a run can be repeated. */
export function seedOf(name: string): number {
  const seed = Number(process.env["OCPP_DURABILITY_SEED"] ?? Math.floor(Math.random() * 0x1_0000_0000));
  process.stdout.write(`${name}: OCPP_DURABILITY_SEED=${seed}\n`);
  return seed;
}
