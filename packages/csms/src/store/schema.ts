import { type Kysely, type Migration, Migrator, sql } from "kysely";
import { up as makeTables } from "./migrations/0001-initial.ts";
import { up as measureLogs } from "./migrations/0002-log-sizes.ts";
import { up as addStationAccess } from "./migrations/0003-station-access.ts";
import { up as addWebhookLanes } from "./migrations/0004-webhook-lanes.ts";
import { up as addStationStatusTime } from "./migrations/0005-station-status-time.ts";
import { up as addPasswordLimit } from "./migrations/0006-password-limit.ts";
import { up as addAutomation } from "./migrations/0007-automation.ts";
import { up as addReportedFacts } from "./migrations/0008-reported-facts.ts";
import { up as addStationCertificates } from "./migrations/0009-station-certificates.ts";
import { checkOwnership, migrationTable } from "./ownership.ts";
import type { Store } from "./store.ts";
import { StoreError } from "./store-error.ts";
import { type Tables, tableNames } from "./tables/tables.ts";

const lockTable = "schema_migrations_lock";

/** The migrations by their names, in order. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-initial": { up: makeTables },
  "0002-log-sizes": { up: measureLogs },
  "0003-station-access": { up: addStationAccess },
  "0004-webhook-lanes": { up: addWebhookLanes },
  "0005-station-status-time": { up: addStationStatusTime },
  "0006-password-limit": { up: addPasswordLimit },
  "0007-automation": { up: addAutomation },
  "0008-reported-facts": { up: addReportedFacts },
  "0009-station-certificates": { up: addStationCertificates },
};

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
 * else, or was migrated by a newer version, and changes nothing then. A SQLite file is ours alone; in PostgreSQL other tables
 * may stand beside ours.
 */
export async function migrate(db: Kysely<Tables>, kind: Store["kind"]): Promise<void> {
  const all = await db.introspection.getTables({ withInternalKyselyTables: true });
  const schema =
    kind === "postgres"
      ? (await sql<{ name: string }>`select current_schema() as name`.execute(db)).rows[0]?.name
      : undefined;
  const tables = all.filter((table) => table.schema === schema);
  const records = db as unknown as Kysely<{ [migrationTable]: { name: string } }>;
  const hasNames = tables.some(
    ({ name, columns }) => name === migrationTable && columns.some((column) => column.name === "name"),
  );
  const executed = hasNames
    ? (await records.selectFrom(migrationTable).select("name").execute()).map(({ name }) => name)
    : undefined;
  const own: readonly string[] = [...tableNames, migrationTable];
  checkOwnership(
    tables.map(({ name }) => name),
    executed,
    (name) => kind === "sqlite" || own.includes(name),
  );
  checkMigrations(executed ?? []);
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
