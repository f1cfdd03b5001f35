import { connectorJson, connectorSchema } from "../../connectors/rest/connector-json.ts";
import { connectorPowers } from "../../connectors/rest/power.ts";
import { ApiError } from "../../http/api-error.ts";
import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { type Condition, holds, type Scan, scanNote, scanPage } from "../../http/scan-page.ts";
import { subprotocols } from "../../ocpp/versions/version.ts";
import { boolean, choice, list, parameters, record, stationId, string, text } from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import { passwordSchema, stationJson, stationProperties, stationSchema, stationSettings } from "./station-json.ts";

/** The path of one station. */
export const stationPath = "/api/v1/stations/:id";

/** The parameters of that path. */
export const stationParameters = record({ id: stationId });

/** What stations can be sorted by. */
export const stationOrder: PageOrder = {
  sorts: {
    id: { column: "id", text: true },
    createdAt: { column: "created_at" },
    updatedAt: { column: "updated_at" },
    lastSeenAt: { column: "last_seen_at", empty: 0 },
    status: { column: "status", text: true },
  },
  sort: "id",
  order: "asc",
  id: "id",
};

interface StationFilter {
  readonly registration?: StationRow["registration"];
  readonly connected?: boolean;
  readonly protocol?: string;
  readonly text?: string;
}

const searched = ["id", "vendor", "model", "serial_number", "note"] as const;

/** How to find a page of the stations. */
export function stationScan({ registration, connected, protocol, text: wanted }: StationFilter): Scan<"stations"> {
  const rest: Condition<"stations">[] = [];
  if (registration !== undefined) rest.push((where) => where("registration", "=", registration));
  if (connected !== undefined) rest.push((where) => where("connected", "=", connected ? 1 : 0));
  if (protocol !== undefined) rest.push((where) => where("protocol", "=", protocol));
  if (wanted !== undefined) {
    const columns = searched.map((column) => holds<"stations">(column, wanted));
    rest.push((where) => where.or(columns.map((condition) => condition(where))));
  }
  return { table: "stations", pages: stationOrder, lead: [], rest };
}

/** The row of a station. Rejects with a NotFoundError where there is none. */
export async function knownStation({ stations }: Pick<ApiServices, "stations">, id: string): Promise<StationRow> {
  const row = await stations.get(id);
  if (row === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(id)}.`);
  return row;
}

/** The stations: who they are, how they stand, and whether they are let in. */
export const stationsResource: Resource = (app, services) => {
  const { stations, connectors, connections, store, configuration } = services;
  const tags = ["stations"];

  app.get(
    "/api/v1/stations",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listStations",
        summary: "List stations.",
        description: scanNote,
        tags,
        querystring: parameters({
          registration: choice("Only those with this registration.", ["Accepted", "Pending", "Rejected"]),
          connected: boolean("Only those that are connected, or are not."),
          protocol: choice("Only those that spoke this version last.", subprotocols),
          text: text("Only those with this text in identity, vendor, model, serial number or note.", 100),
          ...pageParameters(stationOrder),
        }),
        response: { 200: { ...list(stationSchema, "The stations."), headers: linkHeader } },
      },
    },
    async (request, reply) => {
      const rows = await scanPage(request, reply, store, stationScan(request.query));
      return rows.map((row) => stationJson(row, configuration));
    },
  );

  app.post(
    "/api/v1/stations",
    {
      config: { role: "operator" },
      schema: {
        operationId: "createStation",
        summary: "Create a station.",
        tags,
        body: {
          ...parameters({ id: stationId, ...stationSettings, password: passwordSchema }, ["id"]),
          examples: [{ id: "CP001", registration: "Accepted" }],
        },
        response: {
          201: {
            ...stationSchema,
            description: "The station.",
            headers: { Location: string("Where it is.") },
          },
        },
      },
    },
    async (request, reply) => {
      const { id, ...settings } = request.body;
      const row = await stations.add(id, { registration: "Accepted", ...settings });
      return reply
        .code(201)
        .header("location", `/api/v1/stations/${encodeURIComponent(id)}`)
        .send(stationJson(row, configuration));
    },
  );

  app.get(
    stationPath,
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getStation",
        summary: "Get a station with its connectors.",
        tags,
        params: stationParameters,
        response: {
          200: {
            ...record({ ...stationProperties, connectors: list(connectorSchema) }),
            title: "StationWithConnectors",
            description: "The station, with its connectors.",
          },
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const row = await knownStation(services, id);
      const powers = await connectorPowers(services, id);
      const plugs = await connectors.of(id);
      return { ...stationJson(row, configuration), connectors: plugs.map((one) => connectorJson(one, powers(one))) };
    },
  );

  app.patch(
    stationPath,
    {
      config: { role: "operator" },
      schema: {
        operationId: "changeStation",
        summary: "Update a station; what is left out stays.",
        tags,
        params: stationParameters,
        body: { ...parameters(stationSettings), minProperties: 1, examples: [{ registration: "Accepted" }] },
        response: { 200: { ...stationSchema, description: "The station." } },
      },
    },
    async (request) => {
      const { id } = request.params;
      return stationJson(await stations.change(id, request.body), configuration);
    },
  );

  app.delete(
    stationPath,
    {
      config: { role: "admin" },
      schema: {
        operationId: "removeStation",
        summary: "Delete a station that is not connected and has no open transaction.",
        tags,
        params: stationParameters,
        response: { 204: { type: "null", description: "It is gone." } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await stations.remove(id);
      return reply.code(204).send();
    },
  );

  app.post(
    `${stationPath}/disconnect`,
    {
      config: { role: "operator" },
      schema: {
        operationId: "disconnectStation",
        summary: "Stop the connection of a station; it may connect again.",
        tags,
        params: stationParameters,
        response: { 204: { type: "null", description: "It is being closed." } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await knownStation(services, id);
      const connection = connections.of(id);
      if (connection === undefined) throw new ApiError(409, `${id} is not connected.`, { kind: "not-connected" });
      connection.close(1000, "Disconnected by an operator");
      return reply.code(204).send();
    },
  );
};
