import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote, scanPage } from "../../http/scan-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  boolean,
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
import type { SecurityEventRow } from "../../store/tables/observability.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

function securityEventJson(row: SecurityEventRow): Static<typeof securityEventSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    type: row.type,
    techInfo: row.tech_info,
    timestamp: row.time,
    critical: row.critical === 1,
    receivedAt: isoTime(row.received_at),
  };
}

const securityEventSchema = record({
  id: rowId,
  stationId,
  type: string("Such as InvalidCentralSystemCertificate."),
  techInfo: nullable(string()),
  timestamp: string("The station's time, as it wrote it."),
  critical: boolean("Whether the specification calls it critical."),
  receivedAt: time,
});

/** The security events of stations (1.6 security whitepaper, 2.x A04). */
export const securityEventsResource: Resource = (app, { store }) => {
  app.get(
    "/api/v1/security-events",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listSecurityEvents",
        summary: "List security events of stations.",
        description: `The newest first. ${scanNote}`,
        tags: ["logs"],
        querystring: parameters({
          stationId,
          type: text("Only those of this type.", 50),
          critical: boolean("Only those that are critical, or are not."),
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The security events.", headers: linkHeader, ...list(securityEventSchema) } },
      },
    },
    async (request, reply) => {
      const { stationId, type, critical } = request.query;
      const lead: Condition<"security_events">[] = [];
      const rest: Condition<"security_events">[] = [];
      if (stationId !== undefined) lead.push((where) => where("station_id", "=", stationId));
      if (type !== undefined) rest.push((where) => where("type", "=", type));
      if (critical !== undefined) rest.push((where) => where("critical", "=", critical ? 1 : 0));
      const rows = await scanPage(request, reply, store, { table: "security_events", pages, lead, rest });
      return rows.map(securityEventJson);
    },
  );
};
