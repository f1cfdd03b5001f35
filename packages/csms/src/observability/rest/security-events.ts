import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote, scanPage } from "../../http/scan-page.ts";
import { list, nullable, parameters, record, rowId, stationId, text, time } from "../../http/schema.ts";
import { isoTime } from "../../http/times.ts";
import type { SecurityEventRow } from "../../store/tables/observability.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

interface SecurityQuery {
  readonly chargePointId?: string;
  readonly type?: string;
  readonly critical?: boolean;
}

function securityEventJson(row: SecurityEventRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    type: row.type,
    techInfo: row.tech_info,
    timestamp: row.time,
    critical: row.critical === 1,
    receivedAt: isoTime(row.received_at),
  };
}

const securityEventSchema = record({
  id: rowId,
  chargePointId: stationId,
  type: { type: "string", description: "Such as InvalidCentralSystemCertificate." },
  techInfo: nullable({ type: "string" }),
  timestamp: { type: "string", description: "The station's time, as it wrote it." },
  critical: { type: "boolean", description: "Whether the specification calls it critical." },
  receivedAt: time,
});

/** The security events of stations (1.6 security whitepaper, 2.x A04). */
export const securityEventsResource: Resource = (app, { store }) => {
  app.get<{ Querystring: SecurityQuery }>(
    "/api/security-events",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listSecurityEvents",
        summary: "List security events of stations.",
        description: `The newest first. ${scanNote}`,
        tags: ["logs"],
        querystring: parameters({
          chargePointId: stationId,
          type: text("Only those of this type.", 50),
          critical: { type: "boolean", description: "Only those that are critical, or are not." },
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The security events.", headers: linkHeader, ...list(securityEventSchema) } },
      },
    },
    async (request, reply) => {
      const { chargePointId, type, critical } = request.query;
      const lead: Condition<"security_events">[] = [];
      const rest: Condition<"security_events">[] = [];
      if (chargePointId !== undefined) lead.push((where) => where("station_id", "=", chargePointId));
      if (type !== undefined) rest.push((where) => where("type", "=", type));
      if (critical !== undefined) rest.push((where) => where("critical", "=", critical ? 1 : 0));
      const rows = await scanPage(request, reply, store, { table: "security_events", pages, lead, rest });
      return rows.map(securityEventJson);
    },
  );
};
