import { type Kysely, PostgresAdapter, sql } from "kysely";

/**
 * Adds whether a station may come with a certificate that has expired, and has, and the fingerprints of its certificate and of
 * the one that is to follow.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  // Compares and sorts by bytes, as SQLite does.
  const text = postgres ? sql`text collate "C"` : sql`text`;
  for (const column of ["allow_expired_certificate", "certificate_expired"]) {
    await db.schema
      .alterTable("stations")
      .addColumn(column, sql`integer`, (made) => made.notNull().defaultTo(0))
      .execute();
  }
  for (const column of ["pinned_certificate", "next_certificate"]) {
    await db.schema.alterTable("stations").addColumn(column, text).execute();
  }
}
