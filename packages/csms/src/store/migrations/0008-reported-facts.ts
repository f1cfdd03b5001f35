import { type Kysely, PostgresAdapter, sql } from "kysely";

/**
 * Adds how many items messages to a station may hold, whether the status of a connector is one that was concluded, and the type
 * of the token of a remote start.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  await db.schema
    .alterTable("stations")
    // Compares and sorts by bytes, as SQLite does.
    .addColumn("message_limits", postgres ? sql`text collate "C"` : sql`text`)
    .execute();
  await db.schema
    .alterTable("remote_starts")
    .addColumn("id_token_type", postgres ? sql`text collate "C"` : sql`text`)
    .execute();
  await db.schema
    .alterTable("connectors")
    .addColumn("concluded", sql`integer`, (column) => column.notNull().defaultTo(0))
    .execute();
}
