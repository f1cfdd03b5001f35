import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, during, holds, type Scan, scanNote, scanPage, timeParameters } from "../../http/scan-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  choice,
  list,
  nullable,
  parameters,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
} from "../../shared/schema.ts";
import type { LogRow } from "../../store/tables/observability.ts";

/** What the system log can be sorted by. */
export const logOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
/** The levels of its lines. */
export const logLevels: readonly LogRow["level"][] = ["INFO", "NOTICE", "WARNING", "ERROR"];
const sources: readonly LogRow["source"][] = ["System", "ChargePoint", "API", "Admin"];

/** What the system log can be searched by. */
export interface LogQuery {
  readonly stationId?: string;
  readonly level?: LogRow["level"];
  readonly source?: LogRow["source"];
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly offset?: number | undefined;
}

/** How to find a page of the system log. */
export function logScan(query: LogQuery): Scan<"logs"> {
  const { stationId, level, source, text: wanted, offset } = query;
  const { lead, rest } = during<"logs">(query);
  if (stationId !== undefined) lead.push((where) => where("station_id", "=", stationId));
  if (level !== undefined) {
    const condition: Condition<"logs"> = (where) => where("level", "=", level);
    // The index of the station leads to fewer lines than that of the level.
    if (stationId === undefined) lead.push(condition);
    else rest.push(condition);
  }
  if (source !== undefined) rest.push((where) => where("source", "=", source));
  if (wanted !== undefined) rest.push(holds("message", wanted));
  return { table: "logs", pages: logOrder, lead, rest, offset };
}

const logSchema = record({
  id: rowId,
  stationId: nullable(stationId),
  timestamp: time,
  level: choice("How bad it is.", logLevels),
  source: choice("Who says so.", sources),
  message: string(),
});

function logJson(row: LogRow): Static<typeof logSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    timestamp: isoTime(row.at),
    level: row.level,
    source: row.source,
    message: row.message,
  };
}

/** The system log. */
export const logsResource: Resource = (app, { store }) => {
  app.get(
    "/api/v1/logs",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listLogs",
        summary: "List lines of the system log, or search it.",
        description: `The newest first. ${scanNote}`,
        tags: ["logs"],
        querystring: parameters({
          stationId,
          level: choice("Only lines of this level.", logLevels),
          source: choice("Only lines from there.", sources),
          text: text("Only lines with this text.", 200),
          ...timeParameters,
          ...pageParameters(logOrder),
        }),
        response: { 200: { description: "The lines.", headers: linkHeader, ...list(logSchema) } },
      },
    },
    async (request, reply) => (await scanPage(request, reply, store, logScan(request.query))).map(logJson),
  );
};
