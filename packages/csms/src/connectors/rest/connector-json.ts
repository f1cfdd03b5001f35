import { isoTime } from "../../shared/iso-time.ts";
import {
  annotated,
  boolean,
  nullable,
  number,
  record,
  rowId,
  type Static,
  stationId,
  string,
  time,
  whole,
} from "../../shared/schema.ts";
import type { ConnectorRow, StatusRow } from "../../store/tables/connectors.ts";

const place = {
  evseId: whole("The EVSE; in 1.6 the same as the connector."),
  connectorId: whole("The connector; 0 where a 2.x station spoke of the EVSE as a whole."),
};

const told = {
  status: string("In the station's words."),
  errorCode: string(),
  info: string(),
  vendorErrorCode: string(),
  statusTime: nullable(string("The station's time of the status, as it wrote it.")),
};

/** The schema of a connector. */
export const connectorSchema = annotated(
  record(
    {
      stationId,
      ...place,
      ...told,
      vendorId: string(),
      power: number("The newest Power.Active.Import of its transaction, in W."),
      concluded: boolean(
        "Whether the CSMS has concluded the status from a transaction; the rest is of the last report.",
      ),
      updatedAt: time,
    },
    ["errorCode", "info", "vendorErrorCode", "vendorId", "power"],
  ),
  { title: "Connector" },
);

/** The schema of a status that a station reported. */
export const statusSchema = annotated(
  record({ id: rowId, stationId, ...place, ...told, receivedAt: time }, ["errorCode", "info", "vendorErrorCode"]),
  { title: "ConnectorStatus" },
);

/** A connector as REST returns it. */
export type ConnectorJson = Static<typeof connectorSchema>;

/** What a station may say of a status besides. */
function words(
  row: Pick<StatusRow, "error_code" | "info" | "vendor_error_code">,
): Pick<Partial<ConnectorJson>, "errorCode" | "info" | "vendorErrorCode"> {
  return {
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    ...(row.info === null ? {} : { info: row.info }),
    ...(row.vendor_error_code === null ? {} : { vendorErrorCode: row.vendor_error_code }),
  };
}

/** A connector, as JSON; with its power in W where that is known. */
export function connectorJson(row: ConnectorRow, power?: number): ConnectorJson {
  return {
    stationId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    status: row.status,
    ...words(row),
    ...(row.vendor_id === null ? {} : { vendorId: row.vendor_id }),
    ...(power === undefined ? {} : { power }),
    statusTime: row.status_time,
    concluded: row.concluded === 1,
    updatedAt: isoTime(row.updated_at),
  };
}

/** A reported status, as JSON. */
export function statusJson(row: StatusRow): Static<typeof statusSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    status: row.status,
    ...words(row),
    statusTime: row.status_time,
    receivedAt: isoTime(row.received_at),
  };
}
