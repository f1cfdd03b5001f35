import type { Clock } from "@ocpp/core";
import type { StoreProblem } from "../store-options.ts";
import type { ThreadClient } from "./thread-client.ts";

/** Keeps the write-ahead log of a database short without holding up its commits. */
export interface Checkpoints {
  /** To be called after each commit, with how many statements it ran. */
  committed(statements: number): void;
  /** Resolves once no checkpoint is under way and the thread has ended; begins none any more. */
  close(): Promise<void>;
}

interface Options {
  /** Starts a thread that does nothing else, so that a long copy holds up neither reads nor writes. Asked once. */
  readonly openThread: () => Promise<Pick<ThreadClient, "query" | "close">>;
  readonly reader: Pick<ThreadClient, "pause">;
  readonly writer: Pick<ThreadClient, "query">;
  /** Runs work while nothing is written. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly report: (problem: StoreProblem) => void;
}

/** How many pages the log has when they begin to be copied: 8 MB of the usual 4,096 bytes. */
const threshold = 2_000;

/** How many pages may be copied between two commits: a millisecond or so. */
const lastPiece = 250;

/** How long reads wait at most while the end of the log is copied, in milliseconds. */
const readsWait = 250;

/** How many pages a statement adds to the log until that has been seen. */
const firstGuess = 2;
/** The fewest that are reckoned with, since what was seen may not last. */
const fewest = 0.5;

/** How long the log is, in pages, and how many of them are in the database file, too. */
interface Progress {
  readonly length: number;
  readonly copied: number;
}

/** Copies from the log what no reader needs as it was before; does not wait for readers. */
async function copy(thread: Pick<ThreadClient, "query">): Promise<Progress> {
  const { values } = await thread.query(0, "pragma wal_checkpoint(passive)", []);
  return { length: Number(values[1]), copied: Number(values[2]) };
}

/**
 * Makes what runs the checkpoints. SQLite begins the log anew where a write finds all of it copied and no reader in it, and
 * never where commits and reads follow one another without a gap. So nearly all is copied on a thread of its own while
 * both go on; then reads wait for a moment, the rest is copied, and a last, small piece between two commits. A snapshot that
 * stays open, such as that of an export, lets the log grow until it ends.
 */
export function createCheckpoints({ openThread, reader, writer, alone, clock, report }: Options): Checkpoints {
  let thread: Pick<ThreadClient, "query" | "close"> | undefined;
  /** Statements since the last checkpoint, and how many pages one adds to the log. */
  let statements = 0;
  let pagesEach = firstGuess;
  /** How long the log was when that checkpoint could not copy all of it, so that it does not begin anew. */
  let left = 0;
  let underWay: Promise<void> | undefined;
  let closed = false;
  let failing = false;

  /** Runs while nothing is written, so that what follows is counted from here. */
  const finish = async (): Promise<void> => {
    const { length, copied } = await copy(writer);
    statements = 0;
    left = copied === length ? 0 : length;
  };

  const run = async (): Promise<void> => {
    thread ??= await openThread();
    const { length } = await copy(thread);
    const copied = statements;
    if (length > left && copied > 0) pagesEach = Math.max(fewest, (length - left) / copied);
    const resume = await reader.pause();
    // Exclusive work may read meanwhile, and would wait for the reads, which wait for the copy, which waits for it.
    const timer = clock.setTimer(resume, readsWait);
    try {
      if ((statements - copied) * pagesEach > lastPiece) await copy(thread);
      await alone(finish);
    } finally {
      clock.clearTimer(timer);
      resume();
    }
  };

  const start = (): void => {
    underWay = run()
      .then(
        () => {
          failing = false;
        },
        (error: unknown) => {
          // The log stays as it is and the next checkpoint tries again: reported once, until one succeeds.
          if (!failing && !closed) report({ what: "The write-ahead log could not be copied into the database", error });
          failing = true;
        },
      )
      .finally(() => {
        underWay = undefined;
      });
  };

  return {
    committed: (count) => {
      statements += count;
      if (!closed && underWay === undefined && statements * pagesEach >= threshold) start();
    },
    close: async () => {
      closed = true;
      await underWay;
      await thread?.close();
    },
  };
}
