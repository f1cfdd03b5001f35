import { createHash } from "node:crypto";
import { nullable, record, rowId, type Schema, stationId, time, whole } from "../../http/schema.ts";
import { isoTime } from "../../http/times.ts";
import type { ConnectorRow, StatusRow } from "../../store/tables/connectors.ts";

const place: Readonly<Record<string, Schema>> = {
  evseId: whole("The EVSE; in 1.6 the same as the connector."),
  connectorId: whole("The connector; 0 where a 2.x station spoke of the EVSE as a whole."),
};

const told: Readonly<Record<string, Schema>> = {
  status: { type: "string", description: "In the station's words." },
  errorCode: { type: "string" },
  info: { type: "string" },
  vendorErrorCode: { type: "string" },
  statusTime: nullable({ type: "string", description: "The station's time of the status, as it wrote it." }),
};

/** A connector as REST tells it: the fields of go-ocpp-server under their names, and ours. */
export const connectorSchema: Schema = {
  title: "Connector",
  ...record(
    {
      id: { ...rowId, description: "A number for the connector that stays the same." },
      chargePointId: stationId,
      ...place,
      ...told,
      vendorId: { type: "string" },
      currentPower: { type: "number", description: "The newest Power.Active.Import of its transaction, in W." },
      concluded: {
        type: "boolean",
        description: "Whether the CSMS has concluded the status from a transaction; the rest is of the last report.",
      },
      updatedAt: time,
    },
    ["errorCode", "info", "vendorErrorCode", "vendorId", "currentPower"],
  ),
};

/** A status that a station reported, as REST tells it. */
export const statusSchema: Schema = {
  title: "ConnectorStatus",
  ...record({ id: rowId, chargePointId: stationId, ...place, ...told, receivedAt: time }, [
    "errorCode",
    "info",
    "vendorErrorCode",
  ]),
};

/** A number made of what names a connector: go-ocpp-server numbered its rows, and ours have no number of their own. */
function numberOf({ station_id, evse_id, connector_id }: ConnectorRow): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([station_id, evse_id, connector_id]))
    .digest();
  return digest.readUIntBE(0, 6) + 1;
}

function words(row: Pick<StatusRow, "error_code" | "info" | "vendor_error_code">): Record<string, string> {
  return {
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    ...(row.info === null ? {} : { info: row.info }),
    ...(row.vendor_error_code === null ? {} : { vendorErrorCode: row.vendor_error_code }),
  };
}

/** A connector, as JSON; with its power in W where that is known. */
export function connectorJson(row: ConnectorRow, power?: number): Record<string, unknown> {
  return {
    id: numberOf(row),
    chargePointId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    status: row.status,
    ...words(row),
    ...(row.vendor_id === null ? {} : { vendorId: row.vendor_id }),
    ...(power === undefined ? {} : { currentPower: power }),
    statusTime: row.status_time,
    concluded: row.concluded === 1,
    updatedAt: isoTime(row.updated_at),
  };
}

/** A reported status, as JSON. */
export function statusJson(row: StatusRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    status: row.status,
    ...words(row),
    statusTime: row.status_time,
    receivedAt: isoTime(row.received_at),
  };
}
