import type { Flag, TableDescriptions } from "./description.ts";

/** One frame of the message log; secrets in `body` are masked. Of a long one, `body` is the beginning. */
export interface FrameRow {
  id: number;
  station_id: string;
  at: number;
  direction: "inbound" | "outbound";
  /** 2 CALL, 3 CALLRESULT, 4 CALLERROR, 5 CALLRESULTERROR, 6 SEND; 0 for what is none. */
  type: number;
  action: string | null;
  message_id: string | null;
  body: string;
  /** Where `body` was cut, the bytes of the whole text and its SHA-256 in hex, secrets masked; null where it is whole. */
  length: number | null;
  digest: string | null;
}

/** How much is stored of what a station fills a log with; counted from time to time, see `log-sizes.ts`. */
export interface LogSizeRow {
  /** The table of the log. */
  log: "frames" | "events";
  /** Empty for what belongs to no station. */
  station_id: string;
  bytes: number;
}

/** A line of the system log. */
export interface LogRow {
  id: number;
  station_id: string | null;
  at: number;
  level: "INFO" | "NOTICE" | "WARNING" | "ERROR";
  source: "System" | "ChargePoint" | "API" | "Admin";
  message: string;
}

/** A security event of a station. */
export interface SecurityEventRow {
  id: number;
  station_id: string;
  type: string;
  tech_info: string | null;
  time: string;
  critical: Flag;
  received_at: number;
}

/** A change that somebody made through REST. */
export interface AuditRow {
  id: number;
  at: number;
  actor: string;
  role: string;
  remote_address: string;
  method: string;
  path: string;
  status: number;
}

/** The tables of this subject by name. */
export interface ObservabilityTables {
  frames: FrameRow;
  log_sizes: LogSizeRow;
  logs: LogRow;
  security_events: SecurityEventRow;
  audit: AuditRow;
}

/** What must be known of each. */
export const observabilityTables: TableDescriptions<ObservabilityTables> = {
  frames: {
    key: ["id"],
    id: "id",
    longTexts: ["body"],
    age: null,
    idTokens: { columns: [], json: ["body"], sentences: [] },
  },
  log_sizes: {
    key: ["log", "station_id"],
    id: null,
    longTexts: [],
    age: null,
    idTokens: null,
  },
  logs: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: { time: "at" },
    idTokens: { columns: [], json: [], sentences: ["message"] },
  },
  security_events: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: { time: "received_at" },
    idTokens: null,
  },
  audit: {
    key: ["id"],
    id: "id",
    longTexts: ["path"],
    age: { time: "at" },
    idTokens: { columns: [], json: [], sentences: ["path"] },
  },
};
