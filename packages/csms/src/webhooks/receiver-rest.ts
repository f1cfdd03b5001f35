import type { Clock } from "@ocpp/core";
import { webhookRest } from "./backoff.ts";

/** Lets a receiver rest that fails, so that one that is away is asked by one attempt now and then, and not by all. */
export interface ReceiverRest {
  /** How many attempts may be under way now. */
  allowed(): number;
  /** An attempt has ended. `retryAfter` is for how many milliseconds the receiver asks to be left alone. */
  note(delivered: boolean, retryAfter: number): void;
}

/** The longest that a receiver is left alone because it asks for it, in milliseconds; its delivery waits for longer. */
const longestAsked = 60_000;

/**
 * Makes the rest of a receiver that `most` attempts may be under way to. A single failure concerns its delivery alone:
 * as many in a row, without one that is taken in between, concern the receiver.
 */
export function createReceiverRest(clock: Clock, most: number): ReceiverRest {
  let failures = 0;
  let restUntil = 0;
  let askedUntil = 0;
  return {
    allowed: () => {
      if (clock.now() < Math.max(restUntil, askedUntil)) return 0;
      return failures >= most ? 1 : most;
    },
    note: (delivered, retryAfter) => {
      const now = clock.now();
      failures = delivered ? 0 : failures + 1;
      restUntil = now + webhookRest(failures - most + 1);
      askedUntil = Math.max(askedUntil, now + Math.min(retryAfter, longestAsked));
    },
  };
}
