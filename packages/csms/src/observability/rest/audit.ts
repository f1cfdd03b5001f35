import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { during, scanNote, timeParameters } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  choice,
  integer,
  list,
  parameters,
  record,
  rowId,
  type Static,
  string,
  text,
  time,
} from "../../shared/schema.ts";
import type { AuditRow } from "../../store/tables/observability.ts";

const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

function auditJson(row: AuditRow): Static<typeof auditSchema> {
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
  actor: string("The name of the key; empty where there was none in force."),
  role: string(),
  remoteAddress: string(),
  method: string(),
  path: string(),
  status: integer("How it was answered."),
});

/** Who changed what through this interface. */
export const auditResource: Resource = (app, { store }) => {
  app.get(
    "/api/v1/audit",
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
      return sendPage(request, reply, store, { table: "audit", pages, lead, rest }, auditJson);
    },
  );
};
