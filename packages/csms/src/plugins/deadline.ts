import type { Clock } from "@ocpp/core";

/** Work took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Runs work that may throw, hang, or return at once, and gives it so many milliseconds: then its signal is aborted, the
 * promise rejects with a DeadlineError, and whatever it still does is ignored. Work that never gives way holds up the
 * process; nothing can help that in one thread.
 */
export async function withDeadline<T>(
  clock: Clock,
  milliseconds: number,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: unknown;
  const late = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimer(() => {
      const error = new DeadlineError(`It took longer than ${milliseconds} ms`);
      controller.abort(error);
      reject(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clock.clearTimer(timer);
  }
}
