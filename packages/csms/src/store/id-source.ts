import type { Clock } from "@ocpp/core";

/** What an id counts from: 2024-01-01 UTC, in milliseconds since 1970. */
const epoch: number = Date.UTC(2024, 0, 1);
const perNode = 64;
const perMillisecond: number = 64 * perNode;

/** The first id that could be made at a time, in milliseconds since 1970: what is older has a smaller one. */
export function idAt(time: number): number {
  return Math.max(0, Math.floor(time) - epoch) * perMillisecond;
}

/**
 * Makes ids of the time, the number of the node (0 to 63) and a count: positive safe integers until the year 2093. Each is
 * higher than the one before and than `highest`: where the clock goes back, or more than 64 are taken in a millisecond, it
 * takes them from the milliseconds to come.
 */
export function createIdSource(clock: Clock, node: number, highest: number): () => number {
  if (!Number.isInteger(node) || node < 0 || node >= perNode) {
    throw new RangeError("node: a number from 0 to 63 was expected");
  }
  let millisecond = highest < 0 ? 0 : Math.floor(highest / perMillisecond);
  let count: number = perNode - 1;
  return () => {
    const now = Math.floor(clock.now()) - epoch;
    if (now > millisecond) {
      millisecond = now;
      count = 0;
    } else if (count < perNode - 1) {
      count += 1;
    } else {
      millisecond += 1;
      count = 0;
    }
    return millisecond * perMillisecond + node * perNode + count;
  };
}
