import type { Configuration } from "../../config/configuration.ts";
import { connectorPowers } from "../../connectors/rest/power.ts";
import { linkHeader, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanNote, scanPage } from "../../http/scan-page.ts";
import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  boolean,
  integer,
  list,
  nullable,
  number,
  parameters,
  record,
  type Static,
  stationId,
  string,
  time,
  whole,
} from "../../shared/schema.ts";
import { knownStation, stationOrder, stationScan } from "../../stations/rest/stations.ts";
import type { ConnectorRow } from "../../store/tables/connectors.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import { connectorNumber } from "./connector-number.ts";

const tags = ["go-ocpp-server"];

const chargePoint = {
  id: stationId,
  model: string("Empty until it has booted."),
  vendor: string("Empty until it has booted."),
  serialNumber: string(),
  firmwareVersion: string(),
  status: string("The status of the station as a whole."),
  lastHeartbeat: nullable(time),
  lastBootNotification: nullable(time),
  heartbeatInterval: whole("In seconds.", 1),
  isConnected: boolean(),
  createdAt: time,
  updatedAt: time,
};
const optional = ["serialNumber", "firmwareVersion"] as const;
const chargePointSchema = record(chargePoint, optional);

function chargePointJson(row: StationRow, { stations }: Configuration): Static<typeof chargePointSchema> {
  return {
    id: row.id,
    model: row.model ?? "",
    vendor: row.vendor ?? "",
    ...(row.serial_number === null ? {} : { serialNumber: row.serial_number }),
    ...(row.firmware_version === null ? {} : { firmwareVersion: row.firmware_version }),
    status: row.status,
    lastHeartbeat: isoTimeOrNull(row.last_heartbeat_at),
    lastBootNotification: isoTimeOrNull(row.last_boot_at),
    heartbeatInterval: row.heartbeat_interval ?? stations.heartbeatInterval,
    isConnected: row.connected === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

const connectorSchema = record(
  {
    id: integer("A number for the connector that stays the same."),
    chargePointId: stationId,
    connectorId: whole("The connector; of a 2.x station the EVSE."),
    status: string("In the station's words."),
    errorCode: string(),
    currentPower: number("The newest Power.Active.Import of its transaction, in W."),
    updatedAt: time,
  },
  ["errorCode", "currentPower"],
);

function connectorJson(row: ConnectorRow, power: number | undefined): Static<typeof connectorSchema> {
  return {
    id: connectorNumber(row),
    chargePointId: row.station_id,
    connectorId: row.connector_id,
    status: row.status,
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    ...(power === undefined ? {} : { currentPower: power }),
    updatedAt: isoTime(row.updated_at),
  };
}

/** The stations and connectors of go-ocpp-server. */
export const chargePointsResource: Resource = (app, services) => {
  const { store, connectors, configuration } = services;
  const connectorsOf = async (id: string): Promise<Static<typeof connectorSchema>[]> => {
    const powers = await connectorPowers(services, id);
    return (await connectors.of(id)).map((row) => connectorJson(row, powers(row)));
  };

  app.get(
    "/api/charge-points",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listChargePoints",
        summary: "List stations as go-ocpp-server does.",
        description: scanNote,
        tags,
        querystring: parameters(pageParameters(stationOrder)),
        response: { 200: { ...list(chargePointSchema, "The stations."), headers: linkHeader } },
      },
    },
    async (request, reply) => {
      const rows = await scanPage(request, reply, store, stationScan({}));
      return rows.map((row) => chargePointJson(row, configuration));
    },
  );

  app.get(
    "/api/charge-points/:id",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getChargePoint",
        summary: "Get a station with its connectors as go-ocpp-server does.",
        tags,
        params: record({ id: stationId }),
        response: {
          200: {
            ...record({ ...chargePoint, connectors: list(connectorSchema) }, optional),
            description: "The station, with its connectors.",
          },
        },
      },
    },
    async ({ params: { id } }) => {
      const row = await knownStation(services, id);
      return { ...chargePointJson(row, configuration), connectors: await connectorsOf(id) };
    },
  );

  app.get(
    "/api/connectors",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listChargePointConnectors",
        summary: "List the connectors of a station as go-ocpp-server does; none for one that is not known.",
        tags,
        querystring: parameters({ chargePointId: stationId }, ["chargePointId"]),
        response: { 200: list(connectorSchema, "The connectors.") },
      },
    },
    ({ query }) => connectorsOf(query.chargePointId),
  );
};
