import type { FastifyInstance } from "fastify";
import type { Kysely, SelectQueryBuilder } from "kysely";
import { sql } from "kysely";
import { connectorJson, connectorSchema } from "../../connectors/rest/connector-json.ts";
import { connectorPowers } from "../../connectors/rest/power.ts";
import { ApiError } from "../../http/api-error.ts";
import { linkHeader, type PageOrder, page, pageParameters } from "../../http/page.ts";
import type { ApiServices } from "../../http/resource.ts";
import { choice, list, parameters, record, type Schema, stationId, text } from "../../http/schema.ts";
import { subprotocols } from "../../ocpp/versions/version.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import type { Tables } from "../../store/tables/tables.ts";
import type { StationSettings } from "../facts.ts";
import {
  passwordSchema,
  stationJson,
  stationOptional,
  stationProperties,
  stationSchema,
  stationSettings,
} from "./station-json.ts";

/** The path of one station. */
export const stationPath = "/api/charge-points/:id";

/** The parameters of that path. */
export const stationParameters: Schema = parameters({ id: stationId });

const pages: PageOrder = {
  sorts: {
    id: { column: "id" },
    createdAt: { column: "created_at" },
    updatedAt: { column: "updated_at" },
    lastSeen: { column: "last_seen_at", empty: 0 },
    status: { column: "status" },
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

function filtered(reader: Kysely<Tables>, filter: StationFilter): SelectQueryBuilder<Tables, "stations", StationRow> {
  let query = reader.selectFrom("stations").selectAll();
  if (filter.registration !== undefined) query = query.where("registration", "=", filter.registration);
  if (filter.connected !== undefined) query = query.where("connected", "=", filter.connected ? 1 : 0);
  if (filter.protocol !== undefined) query = query.where("protocol", "=", filter.protocol);
  if (filter.text === undefined) return query;
  const pattern = `%${filter.text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return query.where((where) =>
    where.or(searched.map((column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`)),
  );
}

/** The row of a station. Rejects with a NotFoundError where there is none. */
export async function knownStation({ stations }: ApiServices, id: string): Promise<StationRow> {
  const row = await stations.get(id);
  if (row === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(id)}.`);
  return row;
}

/** The stations: who they are, how they stand, and whether they are let in. */
export function stationsResource(app: FastifyInstance, services: ApiServices): void {
  const { stations, connectors, connections, store, configuration } = services;
  const tags = ["stations"];

  app.get(
    "/api/charge-points",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listStations",
        summary: "List stations.",
        tags,
        querystring: parameters({
          registration: choice("Only those with this registration.", ["Accepted", "Pending", "Rejected"]),
          connected: { type: "boolean", description: "Only those that are connected, or are not." },
          protocol: choice("Only those that spoke this version last.", subprotocols),
          text: text("Only those with this text in identity, vendor, model, serial number or note.", 100),
          ...pageParameters(pages),
        }),
        response: { 200: { ...list(stationSchema, "The stations."), headers: linkHeader } },
      },
    },
    async (request, reply) => {
      const rows = await page(request, reply, filtered(store.reader, request.query as StationFilter), pages);
      return rows.map((row) => stationJson(row, configuration));
    },
  );

  app.post(
    "/api/charge-points",
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
            headers: { Location: { type: "string", description: "Where it is." } },
          },
        },
      },
    },
    async (request, reply) => {
      const { id, ...settings } = request.body as { id: string } & StationSettings & { password?: string };
      const row = await stations.add(id, { registration: "Accepted", ...settings });
      reply.code(201).header("location", `/api/charge-points/${encodeURIComponent(id)}`);
      return stationJson(row, configuration);
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
            ...record({ ...stationProperties, connectors: list(connectorSchema) }, stationOptional),
            title: "StationWithConnectors",
            description: "The station, with its connectors.",
          },
        },
      },
    },
    async (request) => {
      const { id } = request.params as { id: string };
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
      const { id } = request.params as { id: string };
      return stationJson(await stations.change(id, request.body as StationSettings), configuration);
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
      const { id } = request.params as { id: string };
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
      const { id } = request.params as { id: string };
      await knownStation(services, id);
      const connection = connections.of(id);
      if (connection === undefined) throw new ApiError(409, `${id} is not connected.`, { kind: "not-connected" });
      connection.close(1000, "Disconnected by an operator");
      return reply.code(204).send();
    },
  );
}
