import { createBoundedMap } from "../shared/bounded-map.ts";

/** Slows down who tries key codes at a station (C04.FR.06). */
export interface PinThrottle {
  /** Whether a key code may be looked at now. */
  admits(stationId: string): boolean;
  /** Notes whether a key code was right; a right one forgets the wrong ones before it. */
  note(stationId: string, right: boolean): void;
}

/** So many wrong key codes in a row cost nothing: people mistype. */
const free = 3;

/** The longest time for which no key code is looked at, in milliseconds. */
const longest = 60_000;

/** How many stations are remembered at most; the one that was wrong longest ago is forgotten first. */
const remembered = 10_000;

/** Makes the guard. After the fourth wrong key code in a row a station waits for a second, and twice as long after each further one. */
export function createPinThrottle(clock: { now(): number }): PinThrottle {
  const wrong = createBoundedMap<string, { readonly count: number; readonly until: number }>(remembered);
  return {
    admits: (stationId) => clock.now() >= (wrong.get(stationId)?.until ?? Number.NEGATIVE_INFINITY),
    note: (stationId, right) => {
      if (right) {
        wrong.delete(stationId);
        return;
      }
      const count = (wrong.get(stationId)?.count ?? 0) + 1;
      const wait = count <= free ? 0 : Math.min(1_000 * 2 ** (count - free - 1), longest);
      wrong.set(stationId, { count, until: clock.now() + wait });
    },
  };
}
