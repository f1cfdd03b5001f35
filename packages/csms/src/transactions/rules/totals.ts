import type { TransactionRemark, TransactionState } from "./state.ts";

/** The register at the start: what the station said of it, else the lowest that was read. */
export function meterStart({ begin, lowest }: TransactionState): number | null {
  return begin ?? lowest;
}

/** The register at the end: what was said of it, else the highest that was read. Null while it has not ended. */
export function meterStop({ complete, provisional, begin, end, assumedEnd, highest }: TransactionState): number | null {
  if (!complete) return null;
  return provisional ? (assumedEnd ?? end ?? highest ?? begin) : (end ?? highest ?? assumedEnd ?? begin);
}

/** Whether the register at the end is one that was not reported. */
function isStopEstimated({ complete, provisional, end, assumedEnd, highest }: TransactionState): boolean {
  if (!complete || end !== null) return false;
  return provisional ? assumedEnd === null : highest !== null || assumedEnd === null;
}

/** Everything that is remarkable about a transaction, in alphabetical order. */
export function remarksOf(state: TransactionState): TransactionRemark[] {
  const remarks = new Set(state.noted);
  const start = meterStart(state);
  const stop = meterStop(state);
  if (state.startedAt === null) remarks.add("started-unseen");
  else if (state.stoppedAt !== null && state.stoppedAt < state.startedAt) remarks.add("stop-before-start");
  if (start !== null && stop !== null && stop < start) remarks.add("meter-below-start");
  if (state.begin === null && start !== null) remarks.add("meter-start-estimated");
  if (stop !== null && isStopEstimated(state)) remarks.add("meter-stop-estimated");
  return [...remarks].sort();
}

/**
 * The energy of a transaction in Wh: from the register at its start to that at its end, or while it runs to the newest.
 * Undefined where it is not known; never negative, since a register does not run backwards.
 */
export function energyOf(registers: {
  readonly meterStart: number | null;
  readonly meterStop: number | null;
  readonly register: number | null;
}): number | undefined {
  const stop = registers.meterStop ?? registers.register;
  if (registers.meterStart === null || stop === null) return undefined;
  return Math.max(0, Math.round((stop - registers.meterStart) * 1000) / 1000);
}
