import type { Clock } from "@ocpp/core";
import { addressKey, createRateLimit } from "../shared/rate-limit.ts";
import { ApiError } from "./api-error.ts";

/** Slows those down who try keys. */
export interface WrongKeys {
  /**
   * Takes note of a key that is not in force, from this address. Resolves at once while few came from there; later it rejects
   * with an ApiError 429, after a while where few of them wait already.
   */
  refuse(address: string): Promise<void>;
  /** Lets none wait any longer. */
  close(): void;
}

/** How many wrong keys of one address are refused at once: so many in a row, and so many a minute in the long run. */
const perMinute = 20;
/** Milliseconds that a refusal beyond that is held back. */
const holdTime = 1_000;
/** How many refusals are held back: from one address, and in all. Those beyond are not, since each holds a connection open. */
const mostOfAddress = 5;
const mostHeld = 200;

/** Makes the brake. Its memory is bounded, whatever addresses there are. */
export function createWrongKeys(clock: Clock): WrongKeys {
  const limit = createRateLimit({ perMinute }, clock);
  const held = new Map<() => void, string>();
  let closed = false;

  const hold = (address: string): Promise<void> =>
    new Promise((resolve) => {
      const release = (): void => {
        clock.clearTimer(timer);
        held.delete(release);
        resolve();
      };
      const timer = clock.setTimer(release, holdTime);
      held.set(release, address);
    });

  const mayHold = (address: string): boolean => {
    if (closed || held.size >= mostHeld) return false;
    let ofAddress = 0;
    for (const other of held.values()) if (other === address) ofAddress += 1;
    return ofAddress < mostOfAddress;
  };

  return {
    refuse: async (from) => {
      const address = addressKey(from);
      if (limit.take(address)) return;
      if (mayHold(address)) await hold(address);
      throw new ApiError(429, "Too many wrong API keys came from this address.", {
        headers: { "retry-after": String(Math.max(1, Math.ceil(limit.wait(address) / 1_000))) },
      });
    },
    close: () => {
      closed = true;
      for (const release of held.keys()) release();
    },
  };
}
