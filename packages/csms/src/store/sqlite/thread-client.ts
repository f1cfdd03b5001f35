import { systemClock } from "@ocpp/core";
import { endsWithin } from "../ends-within.ts";
import { StoreError } from "../store-error.ts";
import { sqliteError } from "./sqlite-error.ts";
import type {
  BatchAnswer,
  BatchRequest,
  QueryAnswer,
  ThreadAnswer,
  ThreadRequest,
  ThreadSetup,
} from "./thread-messages.ts";
import { startThread } from "./thread-program.ts";

/** A database thread, as the rest of the process sees it. Everything rejects with a StoreError. */
export interface ThreadClient {
  /**
   * Which thread this is: a higher number for each that takes the place of one that stopped. Transactions, snapshots and the
   * numbers of statements end with their thread.
   */
  readonly thread: number;
  /** Runs a batch, which is encoded for the thread that it goes to. */
  batch(encode: (thread: number) => Omit<BatchRequest, "kind">): Promise<BatchAnswer>;
  query(connection: number, sql: string, parameters: readonly unknown[]): Promise<QueryAnswer>;
  /** Opens a snapshot and answers its connection. */
  begin(): Promise<number>;
  end(connection: number): Promise<void>;
  /**
   * Lets what was asked for come to its end, and holds back what is asked for from now on until the function that it
   * resolves with is called.
   */
  pause(): Promise<() => void>;
  /**
   * Closes the database and ends the thread, and says whether that was done; not where the thread does not get to it within so
   * many milliseconds. It is left alone then: a thread that is ended within a call of the database takes the process along.
   */
  close(timeout?: number): Promise<boolean>;
}

interface Waiting {
  resolve(value: BatchAnswer | QueryAnswer | undefined): void;
  reject(error: StoreError): void;
}

/**
 * Starts a thread and waits until it has opened the database. `stopped` is told where it ends without being closed, before
 * what was asked of it rejects.
 */
export async function openThread(
  setup: ThreadSetup,
  stopped: (error: StoreError) => void = () => {},
): Promise<ThreadClient> {
  const worker = startThread(setup);
  /** In the order of the requests, which is that of the answers. */
  let waiting: Waiting[] = [];
  let first = 0;
  let gone: StoreError | undefined;
  let closing = false;
  let connections = 0;
  /** What is held back while the thread pauses, and who waits for it to have nothing to do. */
  let held: (() => void)[] | undefined;
  let quiet: (() => void) | undefined;

  const stop = (error: StoreError): void => {
    if (gone === undefined) {
      gone = error;
      if (!closing) stopped(error);
    }
    const left = waiting.slice(first);
    waiting = [];
    first = 0;
    for (const one of left) one.reject(gone);
    quiet?.();
  };
  const failed = (cause: unknown): StoreError => {
    const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
    return typeof code === "string" && code.startsWith("SQLITE")
      ? sqliteError({ code, message: String(message) })
      : new StoreError("unavailable", "The thread of the database stopped", { cause });
  };
  worker.on("error", (error) => stop(failed(error)));
  worker.on("exit", () =>
    stop(
      closing
        ? new StoreError("closed", "The database is closed")
        : new StoreError("unavailable", "The thread of the database ended"),
    ),
  );
  worker.on("message", (answer: ThreadAnswer) => {
    const next = waiting[first];
    first += 1;
    if (first === waiting.length) {
      waiting = [];
      first = 0;
    }
    if (answer.ok) next?.resolve(answer.value);
    else next?.reject(sqliteError(answer.failure));
    if (waiting.length === 0) quiet?.();
  });

  const answered = (): Promise<BatchAnswer | QueryAnswer | undefined> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) reject(gone);
      else waiting.push({ resolve, reject });
    });
  const ask = async (request: ThreadRequest): Promise<BatchAnswer | QueryAnswer | undefined> => {
    const before = held;
    if (before !== undefined) await new Promise<void>((resolve) => before.push(resolve));
    if (gone === undefined) worker.postMessage(request, []);
    return answered();
  };

  // The thread speaks first.
  await answered();
  return {
    thread: 1,
    batch: (encode) => ask({ kind: "batch", ...encode(1) }) as Promise<BatchAnswer>,
    query: (connection, sql, parameters) => ask({ kind: "query", connection, sql, parameters }) as Promise<QueryAnswer>,
    begin: async () => {
      connections += 1;
      const connection = connections;
      await ask({ kind: "begin", connection });
      return connection;
    },
    end: async (connection) => {
      await ask({ kind: "end", connection });
    },
    pause: async () => {
      const own: (() => void)[] = [];
      held = own;
      if (waiting.length > 0) await new Promise<void>((resolve) => (quiet = resolve));
      quiet = undefined;
      return () => {
        held = undefined;
        for (const resume of own) resume();
      };
    },
    close: async (timeout) => {
      if (gone !== undefined) return true;
      closing = true;
      const exit = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      const closed = ask({ kind: "close" }).then(() => exit);
      const ended = await endsWithin(systemClock, closed, timeout);
      if (!ended) worker.unref();
      return ended;
    },
  };
}
