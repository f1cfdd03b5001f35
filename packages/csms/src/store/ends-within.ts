import type { Clock } from "@ocpp/core";

/**
 * Waits for work, at most so many milliseconds where they are given, and says whether it ended by then. How it failed is of no
 * interest: this is for what is closed, and nothing of it comes to light later.
 */
export async function endsWithin(clock: Clock, work: Promise<unknown>, timeout: number | undefined): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  if (timeout === undefined) return ended;
  let timer: unknown;
  const late = new Promise<false>((resolve) => {
    timer = clock.setTimer(() => resolve(false), Math.max(0, timeout));
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clock.clearTimer(timer);
  }
}
