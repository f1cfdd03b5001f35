import { StoreError } from "./store-error.ts";

/** The table that says which migrations were made. */
export const migrationTable = "schema_migrations";

/** The migration that every database of ours has. */
const firstMigration = "0001-initial";

/** How many names of tables an error tells. */
const shown = 5;

/**
 * Judges by its tables whether a database is ours or empty. `executed` are the names in the table of migrations; undefined where
 * there is none, or one with other columns, as other programs have. `isOurs` returns which names count as taken, where other
 * programs may have tables beside ours; all unless given. Throws a StoreError `schema` where the database is of something else.
 */
export function checkOwnership(
  tables: readonly string[],
  executed: readonly unknown[] | undefined,
  isOurs: (table: string) => boolean = () => true,
): void {
  if (executed?.includes(firstMigration) === true) return;
  // A start that was cut off before the first migration leaves the tables about migrations alone.
  const taken = tables.filter((name) => isOurs(name) && !(executed?.length === 0 && name.startsWith(migrationTable)));
  if (taken.length === 0) return;
  const names = taken.toSorted().slice(0, shown).join(", ");
  const more = taken.length > shown ? ` and ${taken.length - shown} more` : "";
  throw new StoreError(
    "schema",
    `The database holds tables of something else (${names}${more}): it was left as it is; name another one for the CSMS`,
  );
}
