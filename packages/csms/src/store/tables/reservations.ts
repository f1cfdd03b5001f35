import type { TableDescriptions } from "./description.ts";

/** A reservation. */
export interface ReservationRow {
  /** The reservationId; unique over all stations. */
  id: number;
  station_id: string;
  evse_id: number | null;
  connector_id: number | null;
  connector_type: string | null;
  id_token: string;
  id_token_type: string | null;
  group_id: string | null;
  expires_at: number;
  status: "Requested" | "Active" | "Refused" | "Used" | "Cancelling" | "Cancelled" | "Expired" | "Removed" | "Failed";
  /** What the station said, such as Occupied. */
  answer: string | null;
  /** `transactions.id` of the transaction that used it. */
  transaction: number | null;
  created_at: number;
  updated_at: number;
}

/** The tables of this subject by name. */
export interface ReservationTables {
  reservations: ReservationRow;
}

/** What must be known of each. */
export const reservationTables: TableDescriptions<ReservationTables> = {
  reservations: {
    key: ["id"],
    id: null,
    longTexts: [],
    age: null,
    idTokens: { columns: ["id_token", "group_id"], json: [], sentences: [] },
  },
};
