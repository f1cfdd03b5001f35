import type { Infrastructure } from "../infrastructure.ts";
import { createDeliveryRepository, type DeliveryOutcome } from "./repository/deliveries.ts";

/**
 * Persists how attempts ended, many in a commit, without holding up the next attempts: what is not persisted when the
 * process ends is tried again, in the same order, so receivers see it twice and never too late.
 */
export interface WebhookOutcomes {
  add(outcome: DeliveryOutcome): void;
  /** Whether so many wait that no more attempts should begin; `room` of the options is called when they may. */
  readonly full: boolean;
  /** Resolves when all that were added so far are persisted, or could not be for the moment. */
  flush(): Promise<void>;
  /** Tries once more what waits, and gives up on the rest. */
  close(): Promise<void>;
}

/** How many outcomes share a commit at most, and how many wait at most. */
const batch = 500;
const mostWaiting = 2_000;
/** Milliseconds between tries while the store takes nothing. */
const retryTime = 1_000;

/** Makes what persists outcomes. `room` is called when attempts may go on after they were too many. */
export function createWebhookOutcomes(
  { store, clock, log }: Pick<Infrastructure, "store" | "clock" | "log">,
  room: () => void,
): WebhookOutcomes {
  const deliveries = createDeliveryRepository(store);
  let waiting: DeliveryOutcome[] = [];
  let working: Promise<void> | undefined;
  let timer: unknown;
  let closed = false;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const some = waiting.slice(0, batch);
      try {
        await store.write(...some.map(deliveries.outcome));
      } catch (error) {
        log.error(
          { error, waiting: waiting.length },
          "What became of deliveries to webhooks could not be persisted; it is tried again",
        );
        return;
      }
      const wasFull = waiting.length >= mostWaiting;
      waiting = waiting.slice(some.length);
      if (wasFull && waiting.length < mostWaiting) room();
    }
  };

  const start = (): Promise<void> => {
    clock.clearTimer(timer);
    timer = undefined;
    working ??= work().finally(() => {
      working = undefined;
      if (waiting.length > 0 && !closed) timer = clock.setTimer(() => void start(), retryTime);
    });
    return working;
  };

  return {
    add: (outcome) => {
      waiting.push(outcome);
      // While the store takes nothing, it is asked again by the clock.
      if (timer === undefined) void start();
    },
    get full() {
      return waiting.length >= mostWaiting;
    },
    flush: async () => {
      if (timer === undefined && waiting.length > 0) await start();
    },
    close: async () => {
      closed = true;
      if (waiting.length > 0) await start();
      clock.clearTimer(timer);
    },
  };
}
