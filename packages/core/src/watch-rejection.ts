function ignore(): void {}

/**
 * Looks after what a callback of the user's has returned that is not waited for: where that is a promise, or anything with a
 * `then`, what it rejects with goes to `failed`, so that it does not end the process. Never throws, whatever it is given.
 */
export function watchRejection(result: unknown, failed: (error: unknown) => void = ignore): void {
  if ((typeof result !== "object" && typeof result !== "function") || result === null) return;
  // A `then` that is a getter and throws rejects, too.
  Promise.resolve(result).catch(failed);
}

/** Calls an observer. What it throws, and what it rejects with, is dropped: an observer must not change what it observes. */
export function observe(call: () => unknown): void {
  try {
    watchRejection(call());
  } catch {
    // Dropped, as the rule says.
  }
}
