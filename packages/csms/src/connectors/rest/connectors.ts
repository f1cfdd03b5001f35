import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote, scanPage } from "../../http/scan-page.ts";
import { list, parameters, whole } from "../../shared/schema.ts";
import { knownStation, stationParameters, stationPath } from "../../stations/rest/stations.ts";
import { connectorJson, connectorSchema, statusJson, statusSchema } from "./connector-json.ts";
import { connectorPowers } from "./power.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

/** The connectors of stations, and what they said of them in the past. */
export const connectorsResource: Resource = (app, services) => {
  const { connectors, store } = services;
  const tags = ["stations"];

  app.get(
    `${stationPath}/connectors`,
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listConnectors",
        summary: "List the connectors of a station.",
        tags,
        params: stationParameters,
        response: { 200: list(connectorSchema, "The connectors.") },
      },
    },
    async (request) => {
      const { id } = request.params;
      await knownStation(services, id);
      const powers = await connectorPowers(services, id);
      return (await connectors.of(id)).map((one) => connectorJson(one, powers(one)));
    },
  );

  app.get(
    `${stationPath}/statuses`,
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listStatuses",
        summary: "List the statuses that a station reported of its connectors, the newest first.",
        description: scanNote,
        tags,
        params: stationParameters,
        querystring: parameters({
          evseId: whole("Only those of this EVSE."),
          connectorId: whole("Only those of this connector."),
          ...pageParameters(pages),
        }),
        response: { 200: { ...list(statusSchema, "The statuses."), headers: linkHeader } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { evseId, connectorId } = request.query;
      await knownStation(services, id);
      const lead: Condition<"statuses">[] = [(where) => where("station_id", "=", id)];
      const rest: Condition<"statuses">[] = [];
      if (evseId !== undefined) rest.push((where) => where("evse_id", "=", evseId));
      if (connectorId !== undefined) rest.push((where) => where("connector_id", "=", connectorId));
      return (await scanPage(request, reply, store, { table: "statuses", pages, lead, rest })).map(statusJson);
    },
  );
};
