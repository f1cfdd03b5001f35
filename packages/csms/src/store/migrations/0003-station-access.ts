import { type Kysely, PostgresAdapter, sql } from "kysely";

/*
 * What lets stations in quickly, and what keeps those in check that take themselves in. Frozen: what changes later is a
 * migration of its own.
 */

/** Adds the columns. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  await db.schema
    .alterTable("stations")
    .addColumn("password_digest", postgres ? sql`text collate "C"` : sql`text`)
    .execute();
  await db.schema
    .alterTable("stations")
    .addColumn("self_registered", sql`integer`, (column) => column.notNull().defaultTo(0))
    .execute();
  // Nearly all stations are entered by somebody: the index holds the few that are not.
  await sql`create index stations_self_registered on stations (last_seen_at) where self_registered = 1`.execute(db);
}
