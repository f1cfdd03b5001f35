import { sql } from "kysely";
import { firstWithin } from "../store/first-within.ts";
import type { Store, Write } from "../store/store.ts";
import type { EventRow } from "../store/tables/events.ts";
import type { EventFilter } from "./events.ts";
import { kindRanges } from "./filter.ts";

/** How many bytes of data are read at once, one event aside. */
const pageBytes = 524_288;

/** The rows of events. */
export interface EventRepository {
  /** The events between two ids, both left out, that a filter lets through: `limit` at most, and a page of bytes at most. */
  after(id: number, before: number, filter: EventFilter, limit: number): Promise<EventRow[]>;
  /** The highest id below one; undefined where there is none. */
  newestBefore(before: number): Promise<number | undefined>;
  readonly insertion: (row: EventRow) => Write;
}

/** Makes the repository. */
export function createEventRepository(store: Store): EventRepository {
  const { reader } = store;
  return {
    after: async (id, before, filter, limit) => {
      let query = reader
        .selectFrom("events")
        .select(["id", sql<number>`octet_length(data)`.as("bytes")])
        .where("id", ">", id)
        .where("id", "<", before)
        .orderBy("id")
        .limit(limit);
      const { stations, kinds } = filter;
      if (stations !== undefined) query = query.where("station_id", "in", stations);
      if (kinds !== undefined) {
        query = query.where((where) =>
          where.or(
            kindRanges(kinds).map(({ from, to }) => where.and([where("kind", ">=", from), where("kind", "<=", to)])),
          ),
        );
      }
      return reader
        .selectFrom("events")
        .selectAll()
        .where("id", "in", firstWithin(query, "asc", pageBytes))
        .orderBy("id")
        .execute();
    },
    newestBefore: async (before) => {
      const query = reader.selectFrom("events").select("id").where("id", "<", before).orderBy("id", "desc");
      return (await query.limit(1).executeTakeFirst())?.id;
    },
    insertion: store.prepare<EventRow>((db, row) => db.insertInto("events").values(row)),
  };
}
