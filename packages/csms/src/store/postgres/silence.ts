import type { Clock } from "@ocpp/core";
import type { Pool, PoolClient } from "pg";
import { sqlState } from "./postgres-error.ts";

/** What pg has of a connection beside what its types say. */
interface Backed {
  readonly processID: number | null;
  readonly connection: { readonly stream: { destroy(error: Error): void } };
}

/** Ends a connection at once, without a word to the server; what waits for its answers is rejected with the error. */
export function cutConnection(client: PoolClient, why: string): void {
  (client as unknown as Backed).connection.stream.destroy(new Error(why));
}

/**
 * Waits for an answer on a connection for so many milliseconds, and cuts the connection where none comes. For what is known to
 * be quick: an answer that takes longer is not waited for, although the server may be at work.
 */
export async function answeredWithin<T>(client: PoolClient, timeout: number, answer: Promise<T>): Promise<T> {
  const timer = setTimeout(() => cutConnection(client, "The server did not answer in time"), Math.max(0, timeout));
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Distinguishes connections that have hung from those whose query takes long. A network that swallows everything keeps a socket open,
 * and so does a server that was stopped: without this their queries would hang as long as a slow report may take.
 */
export interface SilenceWatch {
  /** Waits for the answer to a query on a connection, which is cut where it has hung. */
  heed<T>(client: PoolClient, answer: Promise<T>): Promise<T>;
}

/**
 * Makes the watch. A connection that has been silent for half of `timeout` milliseconds is asked about over `monitor`: where
 * its backend is at work it is waited for further, as long as the limits of its statements allow. Where the backend waits for
 * us, or the monitor hears nothing either, it is cut when the time is up. `monitor` must give up by itself within a quarter of
 * the time, both connecting and waiting for an answer.
 */
export function createSilenceWatch(monitor: Pool, clock: Clock, timeout: number): SilenceWatch {
  const isAtWork = async (client: PoolClient): Promise<boolean> => {
    const { processID } = client as unknown as Backed;
    try {
      const { rows } = await monitor.query<{ state: string | null }>(
        "select state from pg_stat_activity where pid = $1",
        [processID],
      );
      // A pooler between us and the server makes process ids up: then there is no way to tell.
      return rows[0]?.state?.startsWith("idle") !== true;
    } catch (error) {
      // A server that refuses is there, and busy.
      return sqlState(error) !== "";
    }
  };

  return {
    heed: async (client, answer) => {
      let timer: unknown;
      let ended = false;
      const look = async (): Promise<void> => {
        const since = clock.now();
        const atWork = await isAtWork(client);
        if (ended) return;
        const left = Math.max(0, timeout / 2 - (clock.now() - since));
        timer = clock.setTimer(
          atWork ? () => void look() : () => cutConnection(client, "The connection has hung"),
          atWork ? timeout / 2 : left,
        );
      };
      timer = clock.setTimer(() => void look(), timeout / 2);
      try {
        return await answer;
      } finally {
        ended = true;
        clock.clearTimer(timer);
      }
    },
  };
}
