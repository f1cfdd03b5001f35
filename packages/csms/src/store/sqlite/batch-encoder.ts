import type { Outcome, Unit } from "../write-queue.ts";
import { sqliteError } from "./sqlite-error.ts";
import type { BatchAnswer, BatchRequest } from "./thread-messages.ts";

/** How many statements are numbered before the numbers begin anew. */
const most = 1_000;

/** Makes what encodes units for the thread: each statement is sent once and called by its number from then on. */
export function createBatchEncoder(): (units: readonly Unit[]) => Omit<BatchRequest, "kind"> {
  const numbers = new Map<string, number>();
  const known: number[] = [];
  return (units) => {
    const reset = numbers.size >= most;
    if (reset) {
      numbers.clear();
      known.length = 0;
    }
    const statements: string[] = [];
    const arities: number[] = [];
    const plan: number[] = [];
    const parameters: unknown[] = [];
    for (const { writes } of units) {
      plan.push(writes.length);
      for (const write of writes) {
        let number = numbers.get(write.sql);
        // A statement that comes with another number of parameters is wrong; as one of its own it fails alone.
        if (number === undefined || known[number] !== write.parameters.length) {
          number = known.length;
          numbers.set(write.sql, number);
          known.push(write.parameters.length);
          statements.push(write.sql);
          arities.push(write.parameters.length);
        }
        plan.push(number);
        for (const value of write.parameters) parameters.push(value === undefined ? null : value);
      }
    }
    return { reset, statements, arities, plan, parameters };
  };
}

/** Tells the outcomes of units from the answer of the thread. */
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
