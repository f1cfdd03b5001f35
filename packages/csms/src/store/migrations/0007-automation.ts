import { type Kysely, PostgresAdapter, sql } from "kysely";

/** Adds what the CSMS sends to a single station unasked, and since when transactions are doubtful. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  // Compares and sorts by bytes, as SQLite does.
  await db.schema
    .alterTable("stations")
    .addColumn("automation", postgres ? sql`text collate "C"` : sql`text`)
    .execute();
  await db.schema
    .alterTable("transactions")
    .addColumn("doubtful_since", postgres ? sql`bigint` : sql`integer`)
    .execute();
}
