/** A call as a property plans it; times in milliseconds from the start. */
export interface PlannedCall {
  readonly at: number;
  /** How long its handler takes. */
  readonly work: number;
  readonly timeout: number;
  /** When its caller gives up; at or before `at`, the signal is aborted already. */
  readonly abortAt: number | undefined;
}

/** What becomes of a call, and when. */
export interface Fate {
  readonly end: "answered" | "timeout" | "aborted";
  readonly at: number;
  readonly sent: boolean;
}

/**
 * What a queue must do with calls that come at the given times, over a connection without faults, to a side that handles
 * one call at a time: one outstanding, the others in order, a call that was given up still keeps the other side's handler
 * busy. `undefined` where two things fall on one moment and either may come first. The calls must be sorted by time.
 */
export function predict(calls: readonly PlannedCall[]): Fate[] | undefined {
  let free = 0;
  let handlerFree = 0;
  const fates: Fate[] = [];
  for (const { at, work, timeout, abortAt = Number.POSITIVE_INFINITY } of calls) {
    const start = Math.max(at, free);
    if (abortAt <= at || abortAt < start) {
      fates.push({ end: "aborted", at: Math.max(at, abortAt), sent: false });
      continue;
    }
    const done = Math.max(start, handlerFree) + work;
    const times = [done, start + timeout, abortAt];
    const end = Math.min(...times);
    if (abortAt === start || times.filter((time) => time === end).length > 1) return undefined;
    handlerFree = done;
    free = end;
    fates.push({ end: end === done ? "answered" : end === abortAt ? "aborted" : "timeout", at: end, sent: true });
  }
  return fates;
}
