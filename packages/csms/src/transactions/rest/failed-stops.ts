import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { list, parameters, stationId } from "../../shared/schema.ts";
import { failedStopJson, failedStopSchema } from "./transaction-json.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

/** The stops that need attention: they ended no transaction, or are doubtful. */
export const failedStopsResource: Resource = (app, { store }) => {
  app.get(
    "/api/v1/failed-stops",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listFailedStops",
        summary: "List stops that need attention: they ended no transaction, or a doubtful one.",
        description: `The newest first. The stations got an answer; somebody has to look at what they meant. ${scanNote}`,
        tags: ["transactions"],
        querystring: parameters({ stationId, ...pageParameters(pages) }),
        response: { 200: { description: "The failed stops.", headers: linkHeader, ...list(failedStopSchema) } },
      },
    },
    async (request, reply) => {
      const { stationId } = request.query;
      const lead: Condition<"failed_stops">[] = [];
      if (stationId !== undefined) lead.push((where) => where("station_id", "=", stationId));
      return sendPage(request, reply, store, { table: "failed_stops", pages, lead, rest: [] }, failedStopJson);
    },
  );
};
