import { linkHeader, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanNote, scanPage } from "../../http/scan-page.ts";
import { logLevels, logOrder, logScan } from "../../observability/rest/logs.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  choice,
  list,
  parameters,
  record,
  rowId,
  type Static,
  stationId,
  string,
  time,
  whole,
} from "../../shared/schema.ts";
import type { LogRow } from "../../store/tables/observability.ts";

const lineSchema = record(
  {
    id: rowId,
    chargePointId: stationId,
    timestamp: time,
    level: choice("How bad it is.", logLevels),
    source: string("System, ChargePoint, API or Admin."),
    message: string(),
  },
  ["chargePointId"],
);

function lineJson(row: LogRow): Static<typeof lineSchema> {
  return {
    id: row.id,
    ...(row.station_id === null ? {} : { chargePointId: row.station_id }),
    timestamp: isoTime(row.at),
    level: row.level,
    source: row.source,
    message: row.message,
  };
}

/** The system log of go-ocpp-server. */
export const chargePointLogsResource: Resource = (app, { store }) => {
  app.get(
    "/api/logs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listChargePointLogs",
        summary: "List lines of the system log as go-ocpp-server does.",
        description: `The newest first. ${scanNote}`,
        tags: ["go-ocpp-server"],
        querystring: parameters({
          chargePointId: stationId,
          level: choice("Only lines of this level.", logLevels),
          ...pageParameters(logOrder),
          offset: whole("How many to leave out; far in, `cursor` is faster.", 0, 1_000_000),
        }),
        response: { 200: { description: "The lines.", headers: linkHeader, ...list(lineSchema) } },
      },
    },
    async (request, reply) => {
      const { chargePointId, level, offset } = request.query;
      const query = {
        offset,
        ...(chargePointId === undefined ? {} : { stationId: chargePointId }),
        ...(level === undefined ? {} : { level }),
      };
      return (await scanPage(request, reply, store, logScan(query))).map(lineJson);
    },
  );
};
