import { setTimeout } from "node:timers/promises";

/** Waits some milliseconds, or not at all for 0. Rejects when the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await setTimeout(milliseconds, undefined, { signal });
}
