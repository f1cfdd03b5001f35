import type { TableDescriptions } from "./description.ts";

/** A number that counts up, handed out in blocks. */
export interface CounterRow {
  name: string;
  value: number;
}

/** The tables of this subject by name. */
export interface StoreTables {
  counters: CounterRow;
}

/** What must be known of each. */
export const storeTables: TableDescriptions<StoreTables> = {
  counters: {
    key: ["name"],
    id: null,
    longTexts: [],
    age: null,
    idTokens: null,
  },
};
