import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, during, holds, type Scan, scanNote, scanPage, timeParameters } from "../../http/scan-page.ts";
import { choice, list, parameters, record, rowId, stationId, text, time, whole } from "../../http/schema.ts";
import { isoTime } from "../../http/times.ts";
import type { LogRow } from "../../store/tables/observability.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
const levels: readonly LogRow["level"][] = ["INFO", "NOTICE", "WARNING", "ERROR"];
const sources: readonly LogRow["source"][] = ["System", "ChargePoint", "API", "Admin"];

/** What the system log can be searched by. */
export interface LogQuery {
  readonly chargePointId?: string;
  readonly level?: LogRow["level"];
  readonly source?: LogRow["source"];
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly offset?: number;
}

/** How to find a page of the system log. */
export function logScan(query: LogQuery): Scan<"logs"> {
  const { chargePointId, level, source, text: wanted, offset } = query;
  const { lead, rest } = during<"logs">(query);
  if (chargePointId !== undefined) lead.push((where) => where("station_id", "=", chargePointId));
  if (level !== undefined) {
    const condition: Condition<"logs"> = (where) => where("level", "=", level);
    // The index of the station leads to fewer lines than that of the level.
    if (chargePointId === undefined) lead.push(condition);
    else rest.push(condition);
  }
  if (source !== undefined) rest.push((where) => where("source", "=", source));
  if (wanted !== undefined) rest.push(holds("message", wanted));
  return { table: "logs", pages, lead, rest, offset };
}

function logJson(row: LogRow): Record<string, unknown> {
  return {
    id: row.id,
    ...(row.station_id === null ? {} : { chargePointId: row.station_id }),
    timestamp: isoTime(row.at),
    level: row.level,
    source: row.source,
    message: row.message,
  };
}

const logSchema = record(
  {
    id: rowId,
    chargePointId: stationId,
    timestamp: time,
    level: choice("How bad it is.", levels),
    source: choice("Who says so.", sources),
    message: { type: "string" },
  },
  ["chargePointId"],
);

/** The system log. */
export const logsResource: Resource = (app, { store }) => {
  app.get<{ Querystring: LogQuery }>(
    "/api/logs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listLogs",
        summary: "List lines of the system log, or search it.",
        description: `The newest first. ${scanNote}`,
        tags: ["logs"],
        querystring: parameters({
          chargePointId: stationId,
          level: choice("Only lines of this level.", levels),
          source: choice("Only lines from there.", sources),
          text: text("Only lines with this text.", 200),
          ...timeParameters,
          ...pageParameters(pages),
          offset: whole("How many to leave out; far in, `cursor` is faster.", 0, 1_000_000),
        }),
        response: { 200: { description: "The lines.", headers: linkHeader, ...list(logSchema) } },
      },
    },
    async (request, reply) => (await scanPage(request, reply, store, logScan(request.query))).map(logJson),
  );
};
