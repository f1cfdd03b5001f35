import type { Clock } from "@ocpp/core";
import { StoreError } from "../store-error.ts";

/** Repeats work that found the database file held by another process, and settles as its last try. */
export type BusyWait = <T>(work: () => Promise<T>) => Promise<T>;

/** Milliseconds between two tries, beside what the thread waits itself. */
const pause = 25;

/** Whether another process holds the file, so that nothing was done. */
function isBusy(error: unknown): boolean {
  const cause: unknown = error instanceof StoreError ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "SQLITE_BUSY";
}

/**
 * Makes what waits for the file, at most so many milliseconds. The work must do nothing at all where it finds the file held, as
 * `begin immediate` and single statements do.
 */
export function createBusyWait(clock: Clock, timeout: number): BusyWait {
  return async (work) => {
    const end = clock.now() + timeout;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || clock.now() >= end) throw error;
      }
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, pause);
      });
    }
  };
}
