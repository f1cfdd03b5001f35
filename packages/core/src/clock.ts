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

/** A timer that is set anew, each time for a part of what is left. */
class LongTimer {
  part: unknown;
}

function setTimer(callback: () => void, milliseconds: number): unknown {
  if (milliseconds <= longestTimer) return setTimeout(callback, milliseconds);
  const timer = new LongTimer();
  timer.part = setTimeout(() => {
    timer.part = setTimer(callback, milliseconds - longestTimer);
  }, longestTimer);
  return timer;
}

function clearTimer(timer: unknown): void {
  if (timer instanceof LongTimer) clearTimer(timer.part);
  // A timer is a number in browsers and an object in Node; programs that see the types of either compile this, too.
  else clearTimeout(timer as number);
}

/**
 * A version 4 UUID. Browsers offer `randomUUID` only on secure pages, and OCPP is spoken on others too: there, each digit
 * 0 of the pattern becomes a random one, the 8 one of 8 to b.
 */
function randomUuid(): string {
  if (crypto.randomUUID !== undefined) return crypto.randomUUID();
  return "00000000-0000-4000-8000-000000000000".replace(/[08]/g, (digit) => {
    const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
    return (digit === "0" ? random & 15 : 8 | (random & 3)).toString(16);
  });
}

/**
 * Makes a source of message ids in the shape of UUIDs: random but for the last twelve digits, which count. So an id costs
 * no random numbers, none comes twice from one source, and two sources do not meet.
 */
export function messageIds(): () => string {
  let start: string | undefined;
  let count = 0;
  return () => {
    start ??= randomUuid().slice(0, 24);
    count += 1;
    return start + count.toString(16).padStart(12, "0");
  };
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer,
  clearTimer,
  messageId: /* @__PURE__ */ messageIds(),
  random: () => Math.random(),
};
