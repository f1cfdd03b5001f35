import type { Reading } from "./energy-register.ts";

/** What is known of how a transaction took its energy. Times are milliseconds since 1970, registers Wh. */
export interface EnergyFacts {
  readonly startedAt: number;
  /** Null while it runs. */
  readonly stoppedAt: number | null;
  readonly meterStart: number | null;
  /** The register at its end; while it runs, null. */
  readonly meterStop: number | null;
  /** The readings in between, in any order. */
  readonly readings: readonly Reading[];
}

/** The course of a transaction's energy: points in time in order, with the Wh until then in order. */
type Course = readonly { readonly at: number; readonly energy: number }[];

function courseOf({ startedAt, stoppedAt, meterStart, meterStop, readings }: EnergyFacts): Course {
  const inOrder = [...readings].sort((one, other) => one.at - other.at || one.register - other.register);
  const base = meterStart ?? inOrder[0]?.register;
  if (base === undefined) return [];
  const most = meterStop === null ? Infinity : Math.max(0, meterStop - base);
  const course = [{ at: startedAt, energy: 0 }];
  let energy = 0;
  for (const { at, register } of inOrder) {
    if (at < startedAt || (stoppedAt !== null && at > stoppedAt)) continue;
    // A register that seems to run backwards, or past its end, is held at what is possible.
    energy = Math.min(most, Math.max(energy, register - base));
    course.push({ at, energy });
  }
  if (stoppedAt !== null && meterStop !== null) course.push({ at: Math.max(startedAt, stoppedAt), energy: most });
  return course;
}

/** The tenths of a Wh that were taken before a time. */
function tenthsBefore(course: Course, time: number): number {
  let previous: { readonly at: number; readonly energy: number } | undefined;
  for (const point of course) {
    if (point.at >= time) {
      if (previous === undefined) return 0;
      const share = (time - previous.at) / (point.at - previous.at);
      return Math.round((previous.energy + (point.energy - previous.energy) * share) * 10);
    }
    previous = point;
  }
  return Math.round((previous?.energy ?? 0) * 10);
}

/**
 * The energy in Wh that a transaction took from `from` until before `to`: straight from one reading of its register to the
 * next, and where there are none from its start to its end. While it runs it counts to its newest reading. It is told in
 * tenths of a Wh such that windows which adjoin add up to the whole, with nothing counted twice.
 */
export function energyWithin(facts: EnergyFacts, from: number, to: number): number {
  const course = courseOf(facts);
  return to <= from ? 0 : (tenthsBefore(course, to) - tenthsBefore(course, from)) / 10;
}
