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
  batch(request: Omit<BatchRequest, "kind">): Promise<BatchAnswer>;
  query(connection: number, sql: string, parameters: readonly unknown[]): Promise<QueryAnswer>;
  /** Opens a snapshot and answers its connection. */
  begin(): Promise<number>;
  end(connection: number): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: BatchAnswer | QueryAnswer | undefined): void;
  reject(error: StoreError): void;
}

/** Starts a thread and waits until it has opened the database. */
export async function openThread(setup: ThreadSetup): Promise<ThreadClient> {
  const worker = startThread(setup);
  /** In the order of the requests, which is that of the answers. */
  let waiting: Waiting[] = [];
  let first = 0;
  let gone: StoreError | undefined;
  let connections = 0;

  const stop = (error: StoreError): void => {
    gone ??= error;
    const left = waiting.slice(first);
    waiting = [];
    first = 0;
    for (const one of left) one.reject(gone);
  };
  const failed = (cause: unknown): StoreError => {
    const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
    return typeof code === "string" && code.startsWith("SQLITE")
      ? sqliteError({ code, message: String(message) })
      : new StoreError("failed", "The thread of the database stopped: restart the process", { cause });
  };
  worker.on("error", (error) => stop(failed(error)));
  worker.on("exit", () => stop(new StoreError("closed", "The database is closed")));
  worker.on("message", (answer: ThreadAnswer) => {
    const next = waiting[first];
    first += 1;
    if (first === waiting.length) {
      waiting = [];
      first = 0;
    }
    if (answer.ok) next?.resolve(answer.value);
    else next?.reject(sqliteError(answer.failure));
  });

  const answered = (): Promise<BatchAnswer | QueryAnswer | undefined> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) reject(gone);
      else waiting.push({ resolve, reject });
    });
  const ask = (request: ThreadRequest): Promise<BatchAnswer | QueryAnswer | undefined> => {
    if (gone === undefined) worker.postMessage(request, []);
    return answered();
  };

  // The thread speaks first.
  await answered();
  return {
    batch: (request) => ask({ kind: "batch", ...request }) as Promise<BatchAnswer>,
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
    close: async () => {
      const exit = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      if (gone !== undefined) return;
      await ask({ kind: "close" });
      await exit;
    },
  };
}
