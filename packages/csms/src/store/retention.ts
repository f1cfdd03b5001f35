import { sql } from "kysely";
import { idAt } from "./id-source.ts";
import type { Store } from "./store.ts";
import type { AgeingTable } from "./tables/description.ts";
import { tableDescriptions } from "./tables/tables.ts";

/** How old rows are deleted. */
export interface DeleteOptions {
  /** How many rows a commit deletes at most, so that no writer waits for long; 1,000 unless given. */
  readonly limit?: number | undefined;
  /** Stops it after the commit that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deletes the rows of a table that are older than a time, in milliseconds since 1970, a limited number in each commit, and
 * returns how many were deleted. What is still under way stays: commands that have no answer, deliveries that are pending, runs that
 * run.
 */
export async function deleteOlder(
  store: Store,
  table: AgeingTable,
  before: number,
  options: DeleteOptions = {},
): Promise<number> {
  const { limit = 1_000, signal } = options;
  const { id, age } = tableDescriptions[table];
  if (id === null) throw new TypeError(`The rows of ${table} have no ids in the order of their making`);
  const { time, only } = age;
  const column = sql.ref(id);
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
