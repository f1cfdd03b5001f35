import type { Flag, TableDescriptions } from "./description.ts";

/** A transaction, of any version. */
export interface TransactionRow {
  id: number;
  station_id: string;
  /** As the station calls it; for 1.6 the decimal number that we gave it. Unique for a station. */
  transaction_id: string;
  /** The number of 1.6; unique over all stations. Null in 2.x. */
  number: number | null;
  protocol: string;
  evse_id: number;
  connector_id: number;
  id_token: string | null;
  id_token_type: string | null;
  group_id: string | null;
  /** What the token was worth at the start: an authorization status. */
  authorization: string | null;
  remote_start_id: number | null;
  reservation_id: number | null;
  /** The station's time of the start, and its text. Null until a message reported it. */
  started_at: number | null;
  start_time: string | null;
  start_received_at: number;
  stopped_at: number | null;
  stop_time: string | null;
  stop_received_at: number | null;
  stop_reason: string | null;
  stop_id_token: string | null;
  /** A reason that was asked for by an operator before the station stopped, such as `Remote`. */
  requested_stop_reason: string | null;
  /** 1 once it has ended. */
  complete: Flag;
  /** 1 where the end is one that the CSMS made up; what the station still reports replaces it. */
  provisional: Flag;
  meter_start: number | null;
  meter_stop: number | null;
  /** The newest value of the energy register, in Wh, and the station's time of it. */
  register: number | null;
  register_at: number | null;
  charging_state: string | null;
  /** The lowest and the highest seqNo that arrived, and how many different ones. Null in 1.6. */
  first_seq: number | null;
  last_seq: number | null;
  seq_count: number;
  /** 1 where a message of it was sent late. */
  offline: Flag;
  /** JSON: a list of what looked wrong, such as `stop-before-start`. */
  remarks: string;
  /** Since when another, which started later, is known on the same EVSE; null where none is. In milliseconds since 1970. */
  doubtful_since: number | null;
  updated_at: number;
}

/** One message that reported a transaction. Unique by transaction, seqNo, type and station's time. */
export interface TransactionEventRow {
  id: number;
  /** `transactions.id`. */
  transaction: number;
  station_id: string;
  /** Started, Updated or Ended; of 1.6, StartTransaction is Started and StopTransaction Ended. */
  type: "Started" | "Updated" | "Ended";
  /** 0 for Started and 1 for Ended of 1.6. */
  seq_no: number;
  trigger: string | null;
  event_time: string;
  offline: Flag;
  message_id: string;
  payload: string;
  received_at: number;
}

/** A StopTransaction or Ended that could not be taken at its word, kept for an operator to look at. */
export interface FailedStopRow {
  id: number;
  station_id: string;
  transaction_id: string;
  reason: string;
  payload: string;
  received_at: number;
}

/** The sampled values of one moment. Unique by station, transaction, time and digest, so a repeat is stored once. */
export interface MeterValueRow {
  id: number;
  station_id: string;
  /** `transactions.id`; 0 outside of a transaction. */
  transaction: number;
  evse_id: number;
  connector_id: number;
  /** The station's time. */
  measured_at: number;
  time: string;
  received_at: number;
  /** Where it came from: MeterValues, TransactionEvent, StartTransaction, StopTransaction or Backup. */
  source: string;
  /** Energy.Active.Import.Register of it in Wh, over all phases at the outlet; null where it has none. */
  register: number | null;
  /** JSON: the `sampledValue` as it came. */
  sampled: string;
  /** A hash of `sampled`, evse and connector. */
  digest: number;
}

/** A remote start that waits for its transaction. */
export interface RemoteStartRow {
  id: number;
  station_id: string;
  evse_id: number | null;
  id_token: string;
  /** Null in 1.6. */
  id_token_type: string | null;
  remote_start_id: number;
  status: "Pending" | "Started" | "Refused" | "Expired";
  transaction: number | null;
  created_at: number;
  updated_at: number;
}

/** The tables of this subject by name. */
export interface TransactionTables {
  transactions: TransactionRow;
  transaction_events: TransactionEventRow;
  failed_stops: FailedStopRow;
  meter_values: MeterValueRow;
  remote_starts: RemoteStartRow;
}

/** What must be known of each. */
export const transactionTables: TableDescriptions<TransactionTables> = {
  transactions: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: null,
    idTokens: { columns: ["id_token", "stop_id_token", "group_id"], json: [], sentences: [] },
  },
  transaction_events: {
    key: ["id"],
    id: "id",
    longTexts: ["payload"],
    age: null,
    idTokens: { columns: [], json: ["payload"], sentences: [] },
  },
  failed_stops: {
    key: ["id"],
    id: "id",
    longTexts: ["payload"],
    age: null,
    idTokens: { columns: [], json: ["payload"], sentences: [] },
  },
  meter_values: {
    key: ["id"],
    id: "id",
    longTexts: ["sampled"],
    age: null,
    idTokens: null,
  },
  remote_starts: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: { time: "created_at", only: "status <> 'Pending'" },
    idTokens: { columns: ["id_token"], json: [], sentences: [] },
  },
};
