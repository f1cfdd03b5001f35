import type { Clock } from "@ocpp/core";
import type { Write, WriteQuery } from "./store.ts";
import { StoreError } from "./store-error.ts";
import type { StoreProblem } from "./store-options.ts";

/** Writes that are kept together or not at all. */
export interface Unit {
  readonly writes: readonly Write[];
  /** Undefined where nobody waits for it. */
  readonly settle: { resolve(counts: readonly number[]): void; reject(error: StoreError): void } | undefined;
}

/** What became of a unit: how many rows each of its writes changed, or why it was refused. */
export type Outcome = readonly number[] | StoreError;

/** Gathers writes while others are being kept, and runs what must be alone in between. */
export interface WriteQueue {
  write(writes: readonly (Write | WriteQuery)[]): Promise<readonly number[]>;
  append(write: Write): void;
  /** Runs work while nothing else is written; what comes meanwhile waits. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Refuses new writes with `closed` and waits for those that are there. */
  close(): Promise<void>;
}

interface Options {
  /**
   * Keeps units in one commit and tells what became of each, in their order. Rejects with a StoreError where none could be
   * kept for a reason that concerns all that wait.
   */
  readonly commit: (units: readonly Unit[]) => Promise<readonly Outcome[]>;
  /** How many commits may be under way at once. */
  readonly lanes: number;
  readonly clock: Clock;
  readonly report: (problem: StoreProblem) => void;
  /** See `CommonStoreOptions.committed`. */
  readonly committed?: ((milliseconds: number, writes: number) => void) | undefined;
}

/** How many statements share a commit at most: more would make those that came first wait for long. */
const batchSize = 2_000;
/** How many appended writes may wait. */
const appendLimit = 100_000;
/** After how many milliseconds it is said that work that is alone takes long. */
const patience = 30_000;

/** Refuses what one of the databases would refuse, or keep as something else, before it can spoil what it is sent with. */
function checked(write: Write): Write {
  for (const value of write.parameters) {
    const fits =
      typeof value === "string" ||
      (typeof value === "number" ? Number.isFinite(value) : value === null || value === undefined) ||
      typeof value === "bigint";
    if (!fits) {
      throw new StoreError("constraint", "A value cannot be kept: text, finite numbers and null were expected");
    }
  }
  return write;
}

/** Makes a queue. Units of a batch are kept in the order of the calls. */
export function createWriteQueue({ commit, lanes, clock, report, committed }: Options): WriteQueue {
  let waiting: Unit[] = [];
  let appended = 0;
  let dropped = 0;
  let underWay = 0;
  let closed = false;
  let scheduled = false;
  let occupied = false;
  const loners: (() => Promise<void>)[] = [];
  const idle: (() => void)[] = [];

  const fail = (units: readonly Unit[], error: StoreError): void => {
    let lost = 0;
    for (const { settle } of units) {
      if (settle === undefined) lost += 1;
      else settle.reject(error);
    }
    if (lost > 0) report({ what: "Writes that nobody waits for could not be kept", error, count: lost });
  };

  const take = (): readonly Unit[] => {
    let statements = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || statements < batchSize)) {
      const unit = waiting[count] as Unit;
      statements += unit.writes.length;
      if (unit.settle === undefined) appended -= 1;
      count += 1;
    }
    if (count < waiting.length) return waiting.splice(0, count);
    const all = waiting;
    waiting = [];
    return all;
  };

  const finish = (units: readonly Unit[], outcomes: readonly Outcome[]): void => {
    let lost = 0;
    let first: StoreError | undefined;
    for (let index = 0; index < units.length; index += 1) {
      const { settle } = units[index] as Unit;
      const outcome = outcomes[index] as Outcome;
      if (!(outcome instanceof StoreError)) settle?.resolve(outcome);
      else if (settle !== undefined) settle.reject(outcome);
      else {
        lost += 1;
        first ??= outcome;
      }
    }
    if (lost > 0) report({ what: "Writes that nobody waits for were refused", error: first, count: lost });
  };

  const send = (units: readonly Unit[]): void => {
    underWay += 1;
    const start = clock.now();
    commit(units).then(
      (outcomes) => {
        underWay -= 1;
        committed?.(
          clock.now() - start,
          units.reduce((sum, { writes }) => sum + writes.length, 0),
        );
        finish(units, outcomes);
        pump();
      },
      (error: unknown) => {
        underWay -= 1;
        const problem =
          error instanceof StoreError ? error : new StoreError("failed", "Writes could not be kept", { cause: error });
        // What stopped these stops those that wait behind them: they are told at once.
        const behind = waiting;
        waiting = [];
        appended = 0;
        fail(units, problem);
        fail(behind, problem);
        pump();
      },
    );
  };

  const runAlone = (work: () => Promise<void>): void => {
    occupied = true;
    const timer = clock.setTimer(() => {
      report({ what: "A transaction holds up all writes for more than 30 seconds; does it wait for Store.write?" });
    }, patience);
    void work().then(() => {
      clock.clearTimer(timer);
      occupied = false;
      pump();
    });
  };

  function pump(): void {
    scheduled = false;
    if (occupied) return;
    if (dropped > 0) {
      report({ what: "More writes that nobody waits for came than could be kept", count: dropped });
      dropped = 0;
    }
    if (loners.length > 0) {
      if (underWay > 0) return;
      const next = loners.shift();
      if (next !== undefined) runAlone(next);
      return;
    }
    for (let lane = underWay; lane < lanes && waiting.length > 0; lane += 1) send(take());
    if (underWay === 0 && waiting.length === 0) for (const resolve of idle.splice(0)) resolve();
  }

  /** Waits for the end of the turn of the event loop's callback, so that what is asked for together is kept together. */
  const schedule = (): void => {
    if (scheduled || occupied || underWay >= lanes) return;
    scheduled = true;
    queueMicrotask(pump);
  };

  return {
    write: (writes) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new StoreError("closed", "The store is closed"));
          return;
        }
        if (writes.length === 0) {
          resolve([]);
          return;
        }
        waiting.push({
          writes: writes.map((write) => checked("compile" in write ? write.compile() : write)),
          settle: { resolve, reject },
        });
        schedule();
      }),
    append: (write) => {
      if (closed) {
        report({ what: "A write came after the store was closed", count: 1 });
        return;
      }
      if (appended >= appendLimit) {
        dropped += 1;
        return;
      }
      try {
        waiting.push({ writes: [checked(write)], settle: undefined });
      } catch (error) {
        report({ what: "A write that nobody waits for was refused", error, count: 1 });
        return;
      }
      appended += 1;
      schedule();
    },
    alone: <T>(work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (closed) {
          reject(new StoreError("closed", "The store is closed"));
          return;
        }
        loners.push(() => work().then(resolve, reject));
        schedule();
      }),
    close: () => {
      closed = true;
      return new Promise((resolve) => {
        idle.push(resolve);
        if (!occupied && underWay === 0) pump();
      });
    },
  };
}
