import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { list, parameters, record, stationId, whole } from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import { meterValueJson, meterValueSchema } from "./transaction-json.ts";

const pages: PageOrder = {
  sorts: { timestamp: { column: "measured_at" } },
  sort: "timestamp",
  order: "desc",
  id: "id",
};

/** The meter values of stations outside of transactions, such as clock-aligned ones while no car is charging. */
export const meterValuesResource: Resource = (app, { store, stations }) => {
  app.get(
    "/api/v1/stations/:id/meter-values",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listStationMeterValues",
        summary: "List meter values outside of transactions.",
        description: `The newest first, by the station's time. ${scanNote}`,
        tags: ["stations"],
        params: record({ id: stationId }),
        querystring: parameters({
          evseId: whole("Only those of this EVSE, or connector of 1.6; 0 is the station's main meter."),
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The values.", headers: linkHeader, ...list(meterValueSchema) } },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { evseId } = request.query;
      if ((await stations.get(id)) === undefined) throw new NotFoundError(`There is no station ${JSON.stringify(id)}.`);
      const rest: Condition<"meter_values">[] = evseId === undefined ? [] : [(where) => where("evse_id", "=", evseId)];
      return sendPage(
        request,
        reply,
        store,
        {
          table: "meter_values",
          pages,
          lead: [(where) => where("transaction", "=", 0), (where) => where("station_id", "=", id)],
          rest,
        },
        meterValueJson,
      );
    },
  );
};
