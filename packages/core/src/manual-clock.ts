import type { Clock } from "./clock.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `milliseconds` and runs every timer that falls due on the way, in the order of their times. Between
   * two timers, and at the end, promises that have settled get to run.
   */
  advance(milliseconds: number): Promise<void>;
  /** Lets promises that have settled run, without moving time. */
  settle(): Promise<void>;
  /** How many timers are waiting. A test asserts that it is zero to prove that none was left behind. */
  readonly timers: number;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** How many rounds of the microtask queue count as settled: chains of promises inside one reaction are shorter. */
const rounds = 50;

/**
 * Makes a clock for tests. `start` is its first time in milliseconds since 1970 (2026-01-01 unless given), `seed` chooses
 * its random numbers. Its message ids count up: `m1`, `m2`, and so on.
 */
export function manualClock(options: { readonly start?: number; readonly seed?: number } = {}): ManualClock {
  const waiting = new Set<Timer>();
  let time = options.start ?? Date.UTC(2026, 0, 1);
  let state = options.seed ?? 1;
  let ids = 0;
  let order = 0;

  const earliest = (until: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of waiting) {
      if (timer.due > until) continue;
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };

  const settle = async (): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) await Promise.resolve();
  };

  return {
    now: () => time,
    setTimer: (callback, milliseconds) => {
      order += 1;
      const timer: Timer = { due: time + Math.max(0, milliseconds), order, callback };
      waiting.add(timer);
      return timer;
    },
    clearTimer: (timer) => {
      waiting.delete(timer as Timer);
    },
    messageId: () => {
      ids += 1;
      return `m${ids}`;
    },
    random: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
    settle,
    advance: async (milliseconds) => {
      const until = time + milliseconds;
      await settle();
      for (let next = earliest(until); next !== undefined; next = earliest(until)) {
        waiting.delete(next);
        time = Math.max(time, next.due);
        next.callback();
        await settle();
      }
      time = until;
    },
    get timers() {
      return waiting.size;
    },
  };
}
