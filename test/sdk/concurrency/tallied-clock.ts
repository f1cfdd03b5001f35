import type { Clock } from "@ocpp/core";

/** A clock that says how many of its timers are waiting. */
export interface TalliedClock extends Clock {
  /** Timers that were set here and have neither run nor been stopped. */
  readonly waiting: number;
}

/**
 * A view of a clock with a tally of its own. The peers of a test get one view, its handlers and its network another, so
 * that a timer which the peers leave behind shows at once, and is not mistaken for one of the test's.
 */
export function tallied(clock: Clock): TalliedClock {
  const timers = new Set<unknown>();
  return {
    now: () => clock.now(),
    setTimer: (callback, milliseconds) => {
      const timer: unknown = clock.setTimer(() => {
        timers.delete(timer);
        callback();
      }, milliseconds);
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => {
      timers.delete(timer);
      clock.clearTimer(timer);
    },
    messageId: () => clock.messageId(),
    random: () => clock.random(),
    get waiting() {
      return timers.size;
    },
  };
}
