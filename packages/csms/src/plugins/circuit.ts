import type { Clock } from "@ocpp/core";

/** Keeps failing work from being tried over and over. */
export interface Circuit {
  /** Whether it may be tried: always, but for a while after many failures in a row. */
  readonly closed: boolean;
  succeeded(): void;
  /** Whether this failure is the one that opened it. */
  failed(): boolean;
}

/** When a circuit opens, and for how long. */
export interface CircuitOptions {
  /** Failures in a row; 5 unless given. */
  readonly failures?: number | undefined;
  /** Milliseconds; 60,000 unless given. */
  readonly rest?: number | undefined;
}

/** Makes a circuit. After its rest one more failure opens it again, and a success makes it as good as new. */
export function createCircuit(clock: Clock, { failures = 5, rest = 60_000 }: CircuitOptions = {}): Circuit {
  let inRow = 0;
  let openUntil = -Infinity;
  return {
    get closed() {
      return clock.now() >= openUntil;
    },
    succeeded: () => {
      inRow = 0;
    },
    failed: () => {
      inRow += 1;
      if (inRow < failures || clock.now() < openUntil) return false;
      openUntil = clock.now() + rest;
      return true;
    },
  };
}
