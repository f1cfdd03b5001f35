import { type Kysely, sql } from "kysely";
import { type Tables, tableDescriptions, tableNames } from "./tables/tables.ts";

/** The highest id that any table holds, or 0. */
export async function highestId(db: Kysely<Tables>): Promise<number> {
  const parts = tableNames.flatMap((table) => {
    const { id } = tableDescriptions[table];
    return id === null ? [] : [sql`select max(${sql.ref(id)}) as id from ${sql.table(table)}`];
  });
  const { rows } = await sql<{
    id: number | null;
  }>`select max(id) as id from (${sql.join(parts, sql` union all `)}) as ids`.execute(db);
  return rows[0]?.id ?? 0;
}
