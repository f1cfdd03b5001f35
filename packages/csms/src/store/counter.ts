import type { Kysely } from "kysely";
import type { Tables } from "./tables/tables.ts";

/** Adds to a counter, which starts at 0, and returns its new value. */
export async function raiseCounter(db: Kysely<Tables>, name: string, by: number): Promise<number> {
  const { value } = await db
    .insertInto("counters")
    .values({ name, value: by })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((eb) => ({ value: eb("counters.value", "+", by) })))
    .returning("value")
    .executeTakeFirstOrThrow();
  return value;
}
