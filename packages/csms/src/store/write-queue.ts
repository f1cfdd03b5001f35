/*
 * Long, though one thing: what waits, what is under way and what is given up change one state, and every path through it has to
 * leave it whole.
 */
import type { Clock } from "@ocpp/core";
import type { Write, WriteQuery } from "./store.ts";
import { StoreError } from "./store-error.ts";
import type { StoreProblem } from "./store-options.ts";
import { countByTable } from "./unpersisted-writes.ts";

/** Writes that are committed atomically. */
export interface Unit {
  readonly writes: readonly Write[];
  /** How many characters the texts among the parameters have. */
  readonly size: number;
  /** When it was asked for, in milliseconds since 1970. */
  readonly at: number;
  /** Undefined where no caller waits for it. */
  readonly settle: { resolve(counts: readonly number[]): void; reject(error: StoreError): void } | undefined;
}

/** What became of a unit: how many rows each of its writes changed, or why it was refused. */
export type Outcome = readonly number[] | StoreError;

/** Batches writes while a commit is under way, and runs exclusive work in between. */
export interface WriteQueue {
  write(writes: readonly (Write | WriteQuery)[]): Promise<readonly number[]>;
  append(write: Write, later?: boolean): void;
  /** How many appended writes were lost so far, for whatever reason. */
  readonly lost: number;
  /** Runs work while nothing else is written; what comes meanwhile waits. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Refuses new writes with `closed` and waits for those that are there, at most so many milliseconds where they are given.
   * Then it drops what is left, and rejects that with `closed`. Resolves with how many statements were dropped, or failed since
   * the last commit that succeeded, by their tables. Whether what was under way is persisted is unknown.
   */
  close(timeout?: number): Promise<ReadonlyMap<string, number>>;
}

interface Options {
  /**
   * Persists units in one commit and resolves with the outcome of each, in their order. Rejects with a StoreError where none
   * could be persisted, for a reason that concerns all that wait.
   */
  readonly commit: (units: readonly Unit[]) => Promise<readonly Outcome[]>;
  /** How many commits may be under way at once. */
  readonly lanes: number;
  /** How many milliseconds a call waits at most until its commit begins; then it is rejected with `unavailable`. */
  readonly timeout: number;
  readonly clock: Clock;
  /**
   * How commits are spaced while there are several writers: where writes came during a commit, the next one begins no sooner
   * than so many milliseconds after that one began. Fewer commits of more writes cost less; a single writer never waits.
   */
  readonly spacing?: { readonly milliseconds: number; readonly clock: Clock } | undefined;
  readonly report: (problem: StoreProblem) => void;
  /** See `CommonStoreOptions.committed`. */
  readonly committed?: ((milliseconds: number, writes: number) => void) | undefined;
}

/** Work that runs alone. */
interface ExclusiveWork {
  readonly at: number;
  readonly run: () => Promise<void>;
  readonly reject: (error: StoreError) => void;
}

/** How many statements share a commit at most: more would make those that came first wait for long. */
const batchSize = 2_000;
/** How many characters they share at most, since a batch is copied to who commits it. */
const batchLength = 8_388_608;
/**
 * How many commits of writes that a caller waits for may go before those that can be persisted later: the more of them are
 * inserted together, the fewer pages of indexes are written for each.
 */
const mostCommitsBefore = 24;
/** How many writes that can be persisted later may wait for that. */
const mostLater = 2_000;
/** How many appended writes may wait, and how many characters they may have. */
const appendLimit = 100_000;
const appendLength = 67_108_864;
/** How many milliseconds lie between two reports of what was dropped. */
const dropInterval = 10_000;
/** How many statements of calls that are waited for may wait, and how many characters their texts may have together. */
const waitingLimit = { statements: 50_000, characters: 67_108_864 };
/** After how many milliseconds it is said that work that is alone takes long. */
const patience = 30_000;

/**
 * Refuses what one of the databases would refuse, or keep as something else, before it can spoil what it is sent with. Tells
 * how many characters its texts have.
 */
function sizeOf(write: Write): number {
  let size = 0;
  for (const value of write.parameters) {
    if (typeof value === "string") {
      size += value.length;
      continue;
    }
    const fits =
      (typeof value === "number" ? Number.isFinite(value) : value === null || value === undefined) ||
      typeof value === "bigint";
    if (!fits) {
      throw new StoreError("constraint", "A value cannot be stored: text, finite numbers and null were expected");
    }
  }
  return size;
}

/** Makes a queue. Units of a batch are persisted in the order of the calls. */
export function createWriteQueue({ commit, lanes, timeout, clock, spacing, report, committed }: Options): WriteQueue {
  let waiting: Unit[] = [];
  /** What could not be stored since the last commit that succeeded, by the table. */
  const failed = new Map<string, number>();
  /** What has been sent and has no outcome yet. */
  const sent = new Set<readonly Unit[]>();
  /** What can be persisted later, and how many commits have gone before it. */
  let later: Unit[] = [];
  let commitsBefore = 0;
  let appended = 0;
  let appendedLength = 0;
  /** How much of what waits is waited for by its caller. */
  let statements = 0;
  let characters = 0;
  let ageTimer: unknown;
  /** Until when the next commit waits for more to share it, on the clock of `spacing`, and the timer that ends it. */
  let spacedUntil = 0;
  let spacingTimer: unknown;
  let dropped = 0;
  let droppedTold = Number.NEGATIVE_INFINITY;
  let lostInAll = 0;
  let underWay = 0;
  let closed = false;
  let scheduled = false;
  let deferred = false;
  let occupied = false;
  let exclusive: ExclusiveWork[] = [];
  const idle: (() => void)[] = [];

  const fail = (units: readonly Unit[], error: StoreError): void => {
    countByTable(units, failed);
    let lost = 0;
    for (const { settle } of units) {
      if (settle === undefined) lost += 1;
      else settle.reject(error);
    }
    lostInAll += lost;
    if (lost > 0) report({ what: "Background writes could not be persisted", error, count: lost });
  };

  /** Counts a unit out that does not wait any more. */
  const leave = ({ writes, size, settle }: Unit): void => {
    if (settle === undefined) {
      appended -= 1;
      appendedLength -= size;
    } else {
      statements -= writes.length;
      characters -= size;
    }
  };

  /** Takes from the front of a list what a commit has room for: one unit at least. */
  const pick = (list: Unit[], room: { statements: number; length: number }): Unit[] => {
    let count = 0;
    while (count < list.length && (count === 0 || (room.statements > 0 && room.length > 0))) {
      const unit = list[count] as Unit;
      room.statements -= unit.writes.length;
      room.length -= unit.size;
      leave(unit);
      count += 1;
    }
    return list.splice(0, count);
  };

  const take = (): readonly Unit[] => {
    const room = { statements: batchSize, length: batchLength };
    const units = pick(waiting, room);
    if (later.length === 0) return units;
    commitsBefore += 1;
    if (units.length > 0 && commitsBefore <= mostCommitsBefore && later.length < mostLater) return units;
    commitsBefore = 0;
    return units.concat(pick(later, room));
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
    lostInAll += lost;
    if (lost > 0) report({ what: "Background writes were refused", error: first, count: lost });
  };

  /** Everything that waits, which waits no more. */
  const takeAll = (): readonly Unit[] => {
    const all = waiting.concat(later);
    waiting = [];
    later = [];
    appended = 0;
    appendedLength = 0;
    statements = 0;
    characters = 0;
    return all;
  };

  const send = (units: readonly Unit[]): void => {
    underWay += 1;
    sent.add(units);
    const start = clock.now();
    const spaced = spacing === undefined ? 0 : spacing.clock.now() + spacing.milliseconds;
    commit(units).then(
      (outcomes) => {
        underWay -= 1;
        spacedUntil = waiting.length > 0 ? spaced : 0;
        if (sent.delete(units)) failed.clear();
        committed?.(
          clock.now() - start,
          units.reduce((sum, { writes }) => sum + writes.length, 0),
        );
        finish(units, outcomes);
        pump();
      },
      (error: unknown) => {
        underWay -= 1;
        // What was given up when the queue closed has been told.
        if (!sent.delete(units)) return;
        const problem =
          error instanceof StoreError
            ? error
            : new StoreError("failed", "Writes could not be persisted", { cause: error });
        // What stopped these stops those that wait behind them: they are told at once.
        const behind = takeAll();
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

  /** Whether the next commit waits for more to share it. */
  const isSpaced = (): boolean => {
    if (spacing === undefined || closed || statements >= batchSize) return false;
    const left = spacedUntil - spacing.clock.now();
    if (left <= 0) return false;
    spacingTimer ??= spacing.clock.setTimer(() => {
      spacingTimer = undefined;
      pump();
    }, left);
    return true;
  };

  function advance(): void {
    if (occupied) return;
    if (dropped > 0 && clock.now() - droppedTold >= dropInterval) {
      droppedTold = clock.now();
      report({ what: "More background writes came than could be persisted", count: dropped });
      dropped = 0;
    }
    if (exclusive.length > 0) {
      if (underWay > 0) return;
      // What was appended before is there for exclusive work.
      if (later.length > 0) {
        commitsBefore = mostCommitsBefore;
        send(take());
        return;
      }
      const next = exclusive.shift();
      if (next !== undefined) runAlone(next.run);
      return;
    }
    if (isSpaced()) return;
    for (let lane = underWay; lane < lanes && waiting.length > 0; lane += 1) send(take());
    if (underWay === 0 && later.length > 0) send(take());
    if (underWay === 0 && waiting.length === 0) for (const resolve of idle.splice(0)) resolve();
  }

  function pump(): void {
    scheduled = false;
    advance();
    watchAge();
  }

  /** Rejects what has waited for too long; what no caller waits for stays. */
  const expire = (): void => {
    ageTimer = undefined;
    const now = clock.now();
    const isLate = ({ at }: { readonly at: number }): boolean => now - at >= timeout;
    const late = waiting.filter((unit) => unit.settle !== undefined && isLate(unit));
    const lateWork = exclusive.filter(isLate);
    if (late.length > 0) {
      const gone = new Set(late);
      waiting = waiting.filter((unit) => !gone.has(unit));
      for (const unit of late) leave(unit);
    }
    if (lateWork.length > 0) exclusive = exclusive.filter((work) => !isLate(work));
    const error = new StoreError("unavailable", `The database did not get to a write within ${timeout} ms`);
    fail(late, error);
    for (const { reject } of lateWork) reject(error);
    watchAge();
  };

  /** Sees to it that nothing that is waited for waits for too long. */
  const watchAge = (): void => {
    if (statements === 0 && exclusive.length === 0) {
      clock.clearTimer(ageTimer);
      ageTimer = undefined;
      return;
    }
    if (ageTimer !== undefined) return;
    const unit = waiting.find(({ settle }) => settle !== undefined);
    const oldest = Math.min(unit?.at ?? Number.POSITIVE_INFINITY, exclusive[0]?.at ?? Number.POSITIVE_INFINITY);
    ageTimer = clock.setTimer(expire, Math.max(0, oldest + timeout - clock.now()));
  };

  /** Gives up what is left. */
  const giveUp = (): void => {
    const left = [...Array.from(sent).flat(), ...takeAll()];
    sent.clear();
    clock.clearTimer(ageTimer);
    countByTable(left, failed);
    const error = new StoreError("closed", "The store was closed before this was known to be persisted");
    for (const { settle } of left) settle?.reject(error);
    for (const { reject } of exclusive.splice(0)) reject(error);
  };

  /** Waits for the end of the turn of the event loop's callback, so that writes of one turn share a commit. */
  const schedule = (): void => {
    if (scheduled) return;
    if (occupied || underWay >= lanes) {
      watchAge();
      return;
    }
    scheduled = true;
    queueMicrotask(pump);
  };

  /**
   * Waits for what the same callback leads to over several turns of promises, so that a write that a caller waits for goes
   * first.
   */
  const scheduleLater = (): void => {
    if (deferred || scheduled || occupied || underWay > 0) return;
    deferred = true;
    setImmediate(() => {
      deferred = false;
      schedule();
    });
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
        const compiled = writes.map((write) => ("compile" in write ? write.compile() : write));
        let size = 0;
        for (const write of compiled) size += sizeOf(write);
        const fits =
          statements === 0 ||
          (statements + compiled.length <= waitingLimit.statements && characters + size <= waitingLimit.characters);
        if (!fits) {
          reject(new StoreError("unavailable", "Too many writes wait: the database is slow, or does not answer"));
          return;
        }
        statements += compiled.length;
        characters += size;
        waiting.push({ writes: compiled, size, at: clock.now(), settle: { resolve, reject } });
        schedule();
      }),
    append: (write, canWait = false) => {
      if (closed) {
        lostInAll += 1;
        report({ what: "A write came after the store was closed", count: 1 });
        return;
      }
      let size: number;
      try {
        size = sizeOf(write);
      } catch (error) {
        lostInAll += 1;
        report({ what: "A background write was refused", error, count: 1 });
        return;
      }
      if (appended >= appendLimit || appendedLength + size > appendLength) {
        dropped += 1;
        lostInAll += 1;
        return;
      }
      (canWait ? later : waiting).push({ writes: [write], size, at: clock.now(), settle: undefined });
      appended += 1;
      appendedLength += size;
      if (canWait) scheduleLater();
      else schedule();
    },
    get lost() {
      return lostInAll;
    },
    alone: <T>(work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (closed) {
          reject(new StoreError("closed", "The store is closed"));
          return;
        }
        exclusive.push({ at: clock.now(), run: () => work().then(resolve, reject), reject });
        schedule();
      }),
    close: (within) => {
      closed = true;
      return new Promise((resolve) => {
        let timer: unknown;
        idle.push(() => {
          clock.clearTimer(timer);
          resolve(failed);
        });
        if (within !== undefined) {
          timer = clock.setTimer(() => {
            giveUp();
            resolve(failed);
          }, within);
        }
        if (!occupied && underWay === 0) pump();
      });
    },
  };
}
