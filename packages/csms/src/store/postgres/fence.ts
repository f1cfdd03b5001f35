import type { PoolClient } from "pg";
import type { StoreProblem } from "../store-options.ts";
import { answeredWithin } from "./silence.ts";

/** A process of the server, distinguished from a later one that got its number by the time at which it began. */
interface Backend {
  readonly pid: number;
  readonly began: string;
}

/**
 * Keeps what was sent over connections that were given up from being committed behind the back of those that took their
 * place. What a network has swallowed may still arrive when it works again, and would overwrite what has happened since.
 */
export interface Fence {
  /** Readies a connection for its first write: no backend that was given up can begin anything after this. */
  pass(client: PoolClient, timeout: number): Promise<void>;
  /** A connection was given up while something of it was under way. */
  abandon(client: PoolClient): void;
}

/** How often, and after how many milliseconds, it is asked whether a backend is gone. */
const looks = 20;
const pause = 25;

const introduce =
  "select pid, backend_start::text as began from pg_stat_activity where pid = pg_backend_pid() and datname = current_database()";
const end =
  "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start::text = $2 and pid <> pg_backend_pid()";
const look = "select 1 from pg_stat_activity where pid = $1 and backend_start::text = $2";

/** Makes the fence. A role may always end the backends of its own. */
export function createFence(report: (problem: StoreProblem) => void): Fence {
  const known = new WeakMap<PoolClient, Backend | undefined>();
  const abandoned = new Set<Backend>();

  const removed = async (client: PoolClient, { pid, began }: Backend): Promise<boolean> => {
    for (let count = 0; count < looks; count += 1) {
      if (((await client.query(look, [pid, began])).rowCount ?? 0) === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return false;
  };

  const pass = async (client: PoolClient): Promise<void> => {
    if (!known.has(client)) known.set(client, (await client.query<Backend>(introduce)).rows[0]);
    for (const backend of abandoned) {
      await client.query(end, [backend.pid, backend.began]);
      // One that was stopped dies before it does anything else when it goes on.
      if (!(await removed(client, backend))) {
        report({ what: "A connection of the database that was given up is still there, though it was told to end" });
      }
      abandoned.delete(backend);
    }
  };

  return {
    pass: async (client, timeout) => {
      if (known.has(client) && abandoned.size === 0) return;
      await answeredWithin(client, timeout, pass(client));
    },
    abandon: (client) => {
      const backend = known.get(client);
      if (backend !== undefined) abandoned.add(backend);
    },
  };
}
