import { type Kysely, PostgresAdapter, sql } from "kysely";

/** Adds when the status of a station as a whole was received, so that an older one does not take the place of a newer one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const type = db.getExecutor().adapter instanceof PostgresAdapter ? sql`bigint` : sql`integer`;
  await db.schema.alterTable("stations").addColumn("status_at", type).execute();
}
