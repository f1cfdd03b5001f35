import { type Kysely, PostgresAdapter, sql } from "kysely";

/** Lets frames be stored cut, with the length and digest of the whole, and adds the table of how much logs hold. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  // Compares and sorts by bytes, as SQLite does.
  const text = postgres ? sql`text collate "C"` : sql`text`;
  const bigint = postgres ? sql`bigint` : sql`integer`;
  await db.schema.alterTable("frames").addColumn("length", bigint).execute();
  await db.schema.alterTable("frames").addColumn("digest", text).execute();
  const sizes = db.schema
    .createTable("log_sizes")
    .addColumn("log", text, (column) => column.notNull())
    .addColumn("station_id", text, (column) => column.notNull())
    .addColumn("bytes", bigint, (column) => column.notNull())
    .addPrimaryKeyConstraint("log_sizes_pkey", ["log", "station_id"] as never[]);
  await (postgres ? sizes : sizes.modifyEnd(sql`strict`)).execute();
}
