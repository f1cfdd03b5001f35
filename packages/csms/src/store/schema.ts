import { type Kysely, type Migration, Migrator } from "kysely";
import { up as makeTables } from "./migrations/0001-initial.ts";
import { StoreError } from "./store-error.ts";
import type { Tables } from "./tables.ts";

/** The table that says which migrations were made. */
export const migrationTable = "schema_migrations";
const lockTable = "schema_migrations_lock";

/** The migrations by their names, in order. */
const migrations: Readonly<Record<string, Migration>> = { "0001-initial": { up: makeTables } };

/** The names of the migrations that this version knows, the newest last. */
export const migrationNames: readonly string[] = Object.keys(migrations);

/** Judges by the migrations of a database whether this version can use it; throws a StoreError `schema` where not. */
export function checkMigrations(executed: readonly string[]): void {
  const unknown = executed.find((name) => !migrationNames.includes(name));
  if (unknown === undefined) return;
  throw new StoreError(
    "schema",
    `The database was made by a newer version (migration ${unknown}): install that version, or put an older backup in its place`,
  );
}

/**
 * Brings the tables up to date, in one transaction. Rejects with a StoreError `schema` where the database holds something
 * else, or was migrated by a newer version, and changes nothing then.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const tables = (await db.introspection.getTables({ withInternalKyselyTables: true })).map(({ name }) => name);
  const records = db as unknown as Kysely<{ [migrationTable]: { name: string } }>;
  if (tables.includes(migrationTable)) {
    const executed = await records.selectFrom(migrationTable).select("name").execute();
    checkMigrations(executed.map(({ name }) => name));
  } else if (tables.some((name) => name === "stations" || name === "transactions")) {
    throw new StoreError("schema", "The database holds tables of something else: take an empty one");
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: migrationTable,
    migrationLockTableName: lockTable,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof StoreError) throw error;
  throw new StoreError("schema", "The tables could not be brought up to date", { cause: error });
}
