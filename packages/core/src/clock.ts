/**
 * Time, timers, message ids and randomness, as one thing that is handed in. The default is `systemClock`; a test hands in
 * a `manualClock` and runs a day of heartbeats in milliseconds.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Runs `callback` once after `milliseconds`; what it returns is for `clearTimer`. */
  setTimer(callback: () => void, milliseconds: number): unknown;
  /** Stops a timer; a timer that has run or was stopped already is left alone. */
  clearTimer(timer: unknown): void;
  /** A fresh message id of at most 36 characters, never given out before (OCPP-J 2.0.1 §4.1.4). */
  messageId(): string;
  /** A number from 0 up to but not including 1, for back-off times. */
  random(): number;
}

/** The longest time that a platform's timer can wait; a longer one would fire at once. */
const longestTimer = 0x7fff_ffff;

function setLongTimer(callback: () => void, milliseconds: number): unknown {
  if (milliseconds <= longestTimer) return setTimeout(callback, milliseconds);
  const link: { timer: unknown } = { timer: undefined };
  const wait = (left: number): void => {
    link.timer =
      left <= longestTimer
        ? setTimeout(callback, left)
        : setTimeout(() => {
            wait(left - longestTimer);
          }, longestTimer);
  };
  wait(milliseconds);
  return new LongTimer(() => link.timer);
}

class LongTimer {
  readonly current: () => unknown;
  constructor(current: () => unknown) {
    this.current = current;
  }
}

/** A version 4 UUID. Browsers offer `randomUUID` only on secure pages, and OCPP is spoken on others too. */
function randomUuid(): string {
  if (crypto.randomUUID !== undefined) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: setLongTimer,
  clearTimer: (timer) => {
    // A timer is a number in browsers and an object in Node; programs that see the types of either compile this, too.
    clearTimeout((timer instanceof LongTimer ? timer.current() : timer) as number);
  },
  messageId: randomUuid,
  random: () => Math.random(),
};
