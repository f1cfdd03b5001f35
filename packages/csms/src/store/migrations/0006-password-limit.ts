import { type Kysely, sql } from "kysely";

/** Adds how long a password a station says that it takes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("stations").addColumn("password_limit", sql`integer`).execute();
}
