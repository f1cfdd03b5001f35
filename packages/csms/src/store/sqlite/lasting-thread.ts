import type { Clock } from "@ocpp/core";
import { StoreError } from "../store-error.ts";
import type { StoreProblem } from "../store-options.ts";
import { openThread, type ThreadClient } from "./thread-client.ts";
import type { ThreadSetup } from "./thread-messages.ts";

/** Milliseconds from one start to the next at least, so that a thread that cannot live does not take the processor. */
const pause = 1_000;

/**
 * Opens a database thread in whose place another one is started where it stops, as it does when a result does not fit its
 * memory. What was asked of it then is rejected with `unavailable`, and it is not known whether a batch was persisted; SQLite ends its
 * transaction. The next request starts the next thread, and rejects as that does where it cannot open the database.
 */
export async function openLastingThread(
  setup: ThreadSetup,
  clock: Clock,
  report: (problem: StoreProblem) => void,
): Promise<ThreadClient> {
  /** The number of the thread that there is, or of the next one. */
  let number = 1;
  let startedAt = 0;
  let current: ThreadClient | undefined;
  let starting: Promise<ThreadClient> | undefined;
  let closed = false;

  const open = async (): Promise<ThreadClient> => {
    startedAt = clock.now();
    const client = await openThread(setup, (error) => {
      number += 1;
      current = undefined;
      report({ what: "A thread of the database stopped; the next request starts another one", error });
    });
    current = client;
    return client;
  };

  /** The thread that there is, or the next one. */
  const thread = async (): Promise<ThreadClient> => {
    if (current !== undefined) return current;
    if (closed) throw new StoreError("closed", "The database is closed");
    if (starting === undefined && clock.now() - startedAt < pause) {
      throw new StoreError("unavailable", "The thread of the database stopped, and is started again in a moment");
    }
    starting ??= open().finally(() => {
      starting = undefined;
    });
    return starting;
  };

  /** Asks at once where there is a thread, so that requests reach it in the order of the calls. */
  const ask = <T>(work: (client: ThreadClient) => Promise<T>): Promise<T> =>
    current === undefined ? thread().then(work) : work(current);

  await open();
  return {
    get thread() {
      return number;
    },
    batch: (encode) => ask((client) => client.batch(() => encode(number))),
    query: (connection, sql, parameters) => ask((client) => client.query(connection, sql, parameters)),
    begin: () => ask((client) => client.begin()),
    end: (connection) => ask((client) => client.end(connection)),
    pause: async () => (await current?.pause()) ?? (() => {}),
    close: async (timeout) => {
      closed = true;
      return (await current?.close(timeout)) ?? true;
    },
  };
}
