import type { TableDescriptions } from "./description.ts";

/** Something that happened; `id` is what an event stream resumes from. */
export interface EventRow {
  id: number;
  station_id: string | null;
  kind: string;
  at: number;
  data: string;
}

/** The tables of this subject by name. */
export interface EventTables {
  events: EventRow;
}

/** What must be known of each. */
export const eventTables: TableDescriptions<EventTables> = {
  events: {
    key: ["id"],
    id: "id",
    longTexts: ["data"],
    age: null,
    idTokens: { columns: [], json: ["data"], sentences: [] },
  },
};
