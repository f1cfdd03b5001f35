import { sql } from "kysely";
import { idAt } from "./id-source.ts";
import type { Store } from "./store.ts";

interface Ageing {
  /** The column that counts up with time, by an index. */
  readonly key: string;
  /** The time that decides. */
  readonly time: string;
  /** What else must be true of a row that may go. */
  readonly only?: string;
}

/** A table whose old rows can be let go of. */
export type AgeingTable =
  | "logs"
  | "statuses"
  | "security_events"
  | "audit"
  | "background_runs"
  | "deliveries"
  | "commands"
  | "remote_starts";

const ageing: Readonly<Record<AgeingTable, Ageing>> = {
  logs: { key: "id", time: "at" },
  statuses: { key: "id", time: "received_at" },
  security_events: { key: "id", time: "received_at" },
  audit: { key: "id", time: "at" },
  background_runs: { key: "id", time: "started_at", only: "outcome <> 'running'" },
  deliveries: { key: "id", time: "created_at", only: "status <> 'pending'" },
  commands: { key: "seq", time: "created_at", only: "state in ('completed', 'error')" },
  remote_starts: { key: "id", time: "created_at", only: "status <> 'Pending'" },
};

/** How old rows are deleted. */
export interface DeleteOptions {
  /** How many rows a commit deletes at most, so that no writer waits for long; 1,000 unless given. */
  readonly limit?: number | undefined;
  /** Stops it after the commit that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deletes the rows of a table that are older than a time, in milliseconds since 1970, a limited number in each commit, and
 * tells how many went. What is still under way stays: commands that have no answer, deliveries that are pending, runs that
 * run.
 */
export async function deleteOlder(
  store: Store,
  table: AgeingTable,
  before: number,
  options: DeleteOptions = {},
): Promise<number> {
  const { limit = 1_000, signal } = options;
  const { key, time, only } = ageing[table];
  const column = sql.ref(key);
  const condition = only === undefined ? sql`` : sql`and ${sql.raw(only)}`;
  const chunk = sql`delete from ${sql.table(table)} where ${column} in (
    select ${column} from ${sql.table(table)}
    where ${column} < ${idAt(before)} and ${sql.ref(time)} < ${before} ${condition}
    order by ${column} limit ${sql.lit(limit)})`.compile(store.reader);
  let total = 0;
  for (;;) {
    if (signal?.aborted) return total;
    const [count = 0] = await store.write(chunk);
    total += count;
    if (count < limit) return total;
  }
}
