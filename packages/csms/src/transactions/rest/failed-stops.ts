import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote } from "../../http/scan-page.ts";
import { list, parameters, stationId } from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { failedStopJson, failedStopSchema } from "./transaction-json.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

/** The stops that need attention: they ended no transaction, or are doubtful. */
export const failedStopsResource: Resource = (app, { store }) => {
  app.get<{ Querystring: { readonly chargePointId?: string } }>(
    "/api/failed-stops",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listFailedStops",
        summary: "List stops that need attention: they ended no transaction, or a doubtful one.",
        description: `The newest first. The stations got an answer; somebody has to look at what they meant. ${scanNote}`,
        tags: ["transactions"],
        querystring: parameters({ chargePointId: stationId, ...pageParameters(pages) }),
        response: { 200: { description: "The failed stops.", headers: linkHeader, ...list(failedStopSchema) } },
      },
    },
    async (request, reply) => {
      const { chargePointId } = request.query;
      const lead: Condition<"failed_stops">[] = [];
      if (chargePointId !== undefined) lead.push((where) => where("station_id", "=", chargePointId));
      return sendPage(request, reply, store, { table: "failed_stops", pages, lead, rest: [] }, { row: failedStopJson });
    },
  );
};
