import type { Outcome, Unit } from "../write-queue.ts";
import { sqliteError } from "./sqlite-error.ts";
import type { BatchAnswer, BatchRequest } from "./thread-messages.ts";

/** How many statements are numbered before the numbers begin anew. */
const most = 1_000;

/**
 * Makes what encodes units for a thread, which is given by its number: each statement is sent once to a thread and called by
 * its number from then on.
 */
export function createBatchEncoder(): (units: readonly Unit[], thread: number) => Omit<BatchRequest, "kind"> {
  /** The numbers of statements, and how many parameters each has. */
  const known = new Map<string, number>();
  const lengths: number[] = [];
  let last: number | undefined;
  return (units, thread) => {
    const reset = known.size >= most || thread !== last;
    last = thread;
    if (reset) {
      known.clear();
      lengths.length = 0;
    }
    const statements: string[] = [];
    const arities: number[] = [];
    const plan: number[] = [];
    const shapes: number[] = [];
    const texts: string[] = [];
    const numbers: number[] = [];
    const bigints: bigint[] = [];
    for (const { writes } of units) {
      plan.push(writes.length);
      for (const write of writes) {
        let number = known.get(write.sql);
        // A statement that comes with another number of parameters is wrong; as one of its own it fails alone.
        if (number === undefined || lengths[number] !== write.parameters.length) {
          number = lengths.length;
          known.set(write.sql, number);
          lengths.push(write.parameters.length);
          statements.push(write.sql);
          arities.push(write.parameters.length);
        }
        plan.push(number);
        for (const value of write.parameters) {
          if (typeof value === "string") {
            shapes.push(value.length);
            texts.push(value);
          } else if (typeof value === "number") {
            shapes.push(-1);
            numbers.push(value);
          } else if (typeof value === "bigint") {
            shapes.push(-3);
            bigints.push(value);
          } else shapes.push(-2);
        }
      }
    }
    return {
      reset,
      statements,
      arities,
      plan: new Int32Array(plan),
      shapes: new Int32Array(shapes),
      text: texts.join(""),
      numbers: new Float64Array(numbers),
      bigints,
    };
  };
}

/** Reads the outcomes of units from the answer of the thread. */
export function decodeOutcomes(units: readonly Unit[], { counts, refused }: BatchAnswer): readonly Outcome[] {
  let at = 0;
  return units.map(({ writes }, index) => {
    const end = at + writes.length;
    const own = counts.slice(at, end);
    at = end;
    const failure = refused?.get(index);
    return failure === undefined ? own : sqliteError(failure);
  });
}
