import { type RawBuilder, sql } from "kysely";
import type { Tables } from "./tables.ts";

/**
 * The columns whose texts may be long, of each table that has some. Who reads rows of these tables bounds what it reads by
 * bytes, not by rows alone: databases tell `octet_length` of a text without reading it.
 */
export const longTexts: Readonly<Partial<Record<keyof Tables, readonly string[]>>> = {
  tokens: ["restricted_to"],
  transaction_events: ["payload"],
  failed_stops: ["payload"],
  meter_values: ["sampled"],
  commands: ["payload", "result"],
  jobs: ["payload"],
  frames: ["body"],
  events: ["data"],
  webhooks: ["kinds", "stations"],
  audit: ["path"],
};

/** The bytes of the long texts of a row, for a query; 0 where its table has none. */
export function textBytes(table: keyof Tables): RawBuilder<number> {
  const sizes = (longTexts[table] ?? []).map((text) => sql<number>`coalesce(octet_length(${sql.ref(text)}), 0)`);
  return sizes.length === 0 ? sql<number>`0` : sql<number>`(${sql.join(sizes, sql` + `)})`;
}
