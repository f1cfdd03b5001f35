import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { during, scanNote, timeParameters } from "../../http/scan-page.ts";
import { choice, list, parameters, record, rowId, text, time } from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTime } from "../../http/times.ts";
import type { AuditRow } from "../../store/tables/observability.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

interface AuditQuery {
  readonly actor?: string;
  readonly method?: string;
  readonly since?: string;
  readonly until?: string;
}

function auditJson(row: AuditRow): Record<string, unknown> {
  return {
    id: row.id,
    timestamp: isoTime(row.at),
    actor: row.actor,
    role: row.role,
    remoteAddress: row.remote_address,
    method: row.method,
    path: row.path,
    status: row.status,
  };
}

const auditSchema = record({
  id: rowId,
  timestamp: time,
  actor: { type: "string", description: "The name of the key; empty where there was none in force." },
  role: { type: "string" },
  remoteAddress: { type: "string" },
  method: { type: "string" },
  path: { type: "string" },
  status: { type: "integer", description: "How it was answered." },
});

/** Who changed what through this interface. */
export const auditResource: Resource = (app, { store }) => {
  app.get<{ Querystring: AuditQuery }>(
    "/api/audit",
    {
      config: { role: "admin" },
      schema: {
        operationId: "listAudit",
        summary: "List the audit log: who changed what through this interface.",
        description: `The newest first. ${scanNote}`,
        tags: ["administration"],
        querystring: parameters({
          actor: text("Only by this key.", 100),
          method: choice("Only with this method.", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
          ...timeParameters,
          ...pageParameters(pages),
        }),
        response: {
          200: {
            description: "The changes, attempts at them, and what was asked for with a wrong key.",
            headers: linkHeader,
            ...list(auditSchema),
          },
        },
      },
    },
    async (request, reply) => {
      const { actor, method } = request.query;
      const { lead, rest } = during<"audit">(request.query);
      if (actor !== undefined) rest.push((where) => where("actor", "=", actor));
      if (method !== undefined) rest.push((where) => where("method", "=", method));
      return sendPage(request, reply, store, { table: "audit", pages, lead, rest }, { row: auditJson });
    },
  );
};
