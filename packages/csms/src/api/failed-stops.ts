import { linkHeader, type PageOrder, pageParameters } from "./page.ts";
import type { Resource } from "./resource.ts";
import { type Condition, scanPage } from "./scan-page.ts";
import { list, parameters, stationId } from "./schema.ts";
import { failedStopJson, failedStopSchema } from "./transactions-json.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

/** The stops that could not be taken at their word. */
export const failedStopsResource: Resource = (app, { store }) => {
  app.get<{ Querystring: { readonly chargePointId?: string } }>(
    "/api/failed-stops",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listFailedStops",
        summary: "Lists ends of transactions that could not be taken at their word.",
        description: "The newest first. The stations got an answer; somebody has to look at what they meant.",
        tags: ["transactions"],
        querystring: parameters({ chargePointId: stationId, ...pageParameters(pages) }),
        response: { 200: { description: "The failed stops.", headers: linkHeader, ...list(failedStopSchema) } },
      },
    },
    async (request, reply) => {
      const { chargePointId } = request.query;
      const lead: Condition<"failed_stops">[] = [];
      if (chargePointId !== undefined) lead.push((where) => where("station_id", "=", chargePointId));
      const rows = await scanPage(request, reply, store, { table: "failed_stops", pages, lead, rest: [] });
      return rows.map(failedStopJson);
    },
  );
};
