import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { type Condition, scanNote, scanPage } from "../../http/scan-page.ts";
import { choice, list, nullable, parameters, record, rowId, stationId, time, whole } from "../../http/schema.ts";
import { isoTime } from "../../http/times.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { RemoteStartRow } from "../../store/tables/transactions.ts";

const tags: string[] = ["transactions"];
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
const statuses: readonly RemoteStartRow["status"][] = ["Pending", "Started", "Refused", "Expired"];
const byId = parameters({ id: { ...rowId, description: "The id of a remote start." } }, ["id"]);

function remoteStartJson(row: RemoteStartRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    evseId: row.evse_id,
    idTag: row.id_token_type === "KeyCode" ? "***" : row.id_token,
    idTokenType: row.id_token_type,
    remoteStartId: row.remote_start_id,
    status: row.status,
    transaction: row.transaction,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

const remoteStartSchema = record({
  id: rowId,
  chargePointId: stationId,
  evseId: nullable({ type: "integer", description: "The EVSE that was asked for, or the connector of a 1.6 station." }),
  idTag: { type: "string", description: "The id token; masked where it is a key code." },
  idTokenType: nullable({ type: "string" }),
  remoteStartId: whole("The number that a 2.x station repeats in its TransactionEvents."),
  status: choice(
    "What became of it: Pending until its transaction starts, Started, Refused by the station or not delivered, or Expired after half an hour without a transaction.",
    statuses,
  ),
  transaction: nullable({ ...rowId, description: "The id of the transaction that it led to." }),
  createdAt: time,
  updatedAt: time,
});

interface RemoteStartQuery {
  readonly chargePointId?: string;
  readonly status?: RemoteStartRow["status"];
}

/** The remote starts that stations were asked for, and what became of them. */
export const remoteStartsResource: Resource = (app, services) => {
  app.get<{ Querystring: RemoteStartQuery }>(
    "/api/remote-starts",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listRemoteStarts",
        summary: "List remote starts and what became of them.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          chargePointId: stationId,
          status: choice("Only those with this status.", statuses),
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The remote starts.", headers: linkHeader, ...list(remoteStartSchema) } },
      },
    },
    async (request, reply) => {
      const { chargePointId, status } = request.query;
      const conditions: Condition<"remote_starts">[] = [];
      if (chargePointId !== undefined) conditions.push((where) => where("station_id", "=", chargePointId));
      if (status !== undefined) conditions.push((where) => where("status", "=", status));
      // One index has both columns; it leads to an order by id only with both.
      const both = conditions.length === 2;
      const rows = await scanPage(request, reply, services.store, {
        table: "remote_starts",
        pages,
        lead: both ? conditions : [],
        rest: both ? [] : conditions,
      });
      return rows.map(remoteStartJson);
    },
  );

  app.get<{ Params: { readonly id: number } }>(
    "/api/remote-starts/:id",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getRemoteStart",
        summary: "Get a remote start.",
        tags,
        params: byId,
        response: { 200: { description: "The remote start.", ...remoteStartSchema } },
      },
    },
    async ({ params }) => {
      const row = await services.remoteStarts.get(params.id);
      if (row === undefined) throw new NotFoundError(`There is no remote start ${params.id}.`);
      return remoteStartJson(row);
    },
  );
};
