import type { TableDescriptions } from "./description.ts";

/** One run of a background service. */
export interface BackgroundRunRow {
  id: number;
  name: string;
  started_at: number;
  finished_at: number | null;
  outcome: "running" | "ok" | "failed" | "interrupted";
  /** What it did, as a sentence, or what went wrong. */
  result: string | null;
}

/** The tables of this subject by name. */
export interface JobTables {
  background_runs: BackgroundRunRow;
}

/** What must be known of each. */
export const jobTables: TableDescriptions<JobTables> = {
  background_runs: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: { time: "started_at", only: "outcome <> 'running'" },
    idTokens: null,
  },
};
