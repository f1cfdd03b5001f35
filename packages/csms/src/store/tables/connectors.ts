import type { Flag, TableDescriptions } from "./description.ts";

/**
 * A connector. Of OCPP 1.6, `evse_id` and `connector_id` are both the connector's number; `connector_id` is 0 where a
 * 2.x station spoke of the EVSE as a whole.
 */
export interface ConnectorRow {
  station_id: string;
  evse_id: number;
  connector_id: number;
  status: string;
  error_code: string | null;
  info: string | null;
  vendor_id: string | null;
  vendor_error_code: string | null;
  /** The station's time of the status, as text. */
  status_time: string | null;
  /** When the status was received, or the message that it was concluded from. */
  updated_at: number;
  /** 1 where the CSMS has concluded the status from transactions; all else is of the last one that was reported. */
  concluded: Flag;
}

/** One status that a station reported. */
export interface StatusRow {
  id: number;
  station_id: string;
  evse_id: number;
  connector_id: number;
  status: string;
  error_code: string | null;
  info: string | null;
  vendor_error_code: string | null;
  status_time: string | null;
  received_at: number;
}

/** The tables of this subject by name. */
export interface ConnectorTables {
  connectors: ConnectorRow;
  statuses: StatusRow;
}

/** What must be known of each. */
export const connectorTables: TableDescriptions<ConnectorTables> = {
  connectors: {
    key: ["station_id", "evse_id", "connector_id"],
    id: null,
    longTexts: [],
    age: null,
    idTokens: null,
  },
  statuses: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: { time: "received_at" },
    idTokens: null,
  },
};
