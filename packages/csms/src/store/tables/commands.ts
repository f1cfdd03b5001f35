import type { Flag, TableDescriptions } from "./description.ts";

/** A command to a station. */
export interface CommandRow {
  /** Its unique id, which is also the message id on the wire. */
  id: string;
  /** For the order. */
  seq: number;
  station_id: string;
  action: string;
  payload: string;
  state: "new" | "sent" | "received" | "completed" | "error";
  /** The payload of the answer. */
  result: string | null;
  error_code: string | null;
  error_description: string | null;
  job_id: number | null;
  /** Who asked: the name of an API key, or of a part of the CSMS. */
  requested_by: string;
  created_at: number;
  deadline_at: number;
  sent_at: number | null;
  received_at: number | null;
  completed_at: number | null;
}

/** One command to many stations. */
export interface JobRow {
  id: number;
  action: string;
  payload: string;
  total: number;
  requested_by: string;
  created_at: number;
  cancelled: Flag;
}

/** The tables of this subject by name. */
export interface CommandTables {
  commands: CommandRow;
  jobs: JobRow;
}

/** What must be known of each. */
export const commandTables: TableDescriptions<CommandTables> = {
  commands: {
    key: ["id"],
    id: "seq",
    longTexts: ["payload", "result"],
    age: { time: "created_at", only: "state in ('completed', 'error')" },
    idTokens: { columns: [], json: ["payload", "result"], sentences: [] },
  },
  jobs: {
    key: ["id"],
    id: "id",
    longTexts: ["payload"],
    age: null,
    idTokens: { columns: [], json: ["payload"], sentences: [] },
  },
};
