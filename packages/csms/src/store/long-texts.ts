import { type RawBuilder, sql } from "kysely";
import { type Tables, tableDescriptions } from "./tables/tables.ts";

/**
 * The bytes of the long texts of a row, for a query; 0 where its table has none. Who reads rows of such tables bounds what it
 * reads by bytes, not by rows alone: databases tell `octet_length` of a text without reading it.
 */
export function textBytes(table: keyof Tables): RawBuilder<number> {
  const sizes = tableDescriptions[table].longTexts.map(
    (text) => sql<number>`coalesce(octet_length(${sql.ref(text)}), 0)`,
  );
  return sizes.length === 0 ? sql<number>`0` : sql<number>`(${sql.join(sizes, sql` + `)})`;
}
