import { type Kysely, sql } from "kysely";
import type { Tables } from "./tables.ts";

/** The columns that hold ids of `Store.nextId`. */
const idColumns: readonly (readonly [keyof Tables, string])[] = [
  ["statuses", "id"],
  ["tokens", "id"],
  ["transactions", "id"],
  ["transaction_events", "id"],
  ["failed_stops", "id"],
  ["meter_values", "id"],
  ["commands", "seq"],
  ["jobs", "id"],
  ["remote_starts", "id"],
  ["frames", "id"],
  ["logs", "id"],
  ["events", "id"],
  ["security_events", "id"],
  ["webhooks", "id"],
  ["deliveries", "id"],
  ["api_keys", "id"],
  ["audit", "id"],
  ["background_runs", "id"],
];

/** The highest id that any table holds, or 0. */
export async function highestId(db: Kysely<Tables>): Promise<number> {
  const parts = idColumns.map(([table, column]) => sql`select max(${sql.ref(column)}) as id from ${sql.table(table)}`);
  const { rows } = await sql<{
    id: number | null;
  }>`select max(id) as id from (${sql.join(parts, sql` union all `)}) as ids`.execute(db);
  return rows[0]?.id ?? 0;
}
