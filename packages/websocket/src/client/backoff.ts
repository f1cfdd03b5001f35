/**
 * How long to wait before connecting again (OCPP-J 2.0.1 §5.3 and §8). The names are those of the configuration variables
 * `RetryBackOffWaitMinimum`, `RetryBackOffRandomRange` and `RetryBackOffRepeatTimes`; the times are in milliseconds.
 */
export interface BackoffOptions {
  /** The first wait, without its random part; 2,000 ms unless given. */
  readonly waitMinimum?: number;
  /** The most that chance adds to each wait; 3,000 ms unless given. It keeps stations from returning all at once. */
  readonly randomRange?: number;
  /** How many times the wait is doubled; 5 unless given, which ends between one and five minutes. */
  readonly repeatTimes?: number;
}

/** The waits between attempts, one after the other. */
export interface Backoff {
  /** The next wait in milliseconds. */
  next(): number;
  /** Starts anew with the shortest wait. */
  reset(): void;
}

/**
 * Makes a back-off. The first wait is the minimum and a random part; each further one is twice the one before and a new
 * random part, until it has been doubled `repeatTimes` times; from then on it stays. Throws a RangeError for a time that
 * is negative or no finite number.
 */
export function makeBackoff(options: BackoffOptions, random: () => number): Backoff {
  const { waitMinimum = 2_000, randomRange = 3_000, repeatTimes = 5 } = options;
  for (const value of [waitMinimum, randomRange, repeatTimes]) {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`${value} is no back-off time or number`);
  }
  let count = 0;
  let wait = 0;
  return {
    next: () => {
      if (count <= repeatTimes) {
        wait = Math.round((count === 0 ? waitMinimum : wait * 2) + random() * randomRange);
        count += 1;
      }
      return wait;
    },
    reset: () => {
      count = 0;
    },
  };
}
