import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { ledByBoth, scanNote, scanPage } from "../../http/scan-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  boolean,
  choice,
  integer,
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
  whole,
  withExample,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { RemoteStartRow } from "../../store/tables/transactions.ts";

const tags: string[] = ["transactions"];
const pages: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };
const statuses: readonly RemoteStartRow["status"][] = ["Pending", "Started", "Refused", "Expired"];
const byId = record({ id: { ...rowId, description: "The id of a remote start." } });

function remoteStartJson(row: RemoteStartRow): Static<typeof remoteStartSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    evseId: row.evse_id,
    idToken: row.id_token_type === "KeyCode" ? "***" : row.id_token,
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
  stationId,
  evseId: nullable(integer("The EVSE that was asked for, or the connector of a 1.6 station.")),
  idToken: string("The id token; masked where it is a key code."),
  idTokenType: nullable(string()),
  remoteStartId: whole("The number that a 2.x station repeats in its TransactionEvents."),
  status: choice(
    "What became of it: Pending until its transaction starts, Started, Refused by the station or not delivered, or Expired after half an hour without a transaction.",
    statuses,
  ),
  transaction: nullable({ ...rowId, description: "The id of the transaction that it led to." }),
  createdAt: time,
  updatedAt: time,
});

/** The remote starts that stations were asked for, and what became of them. */
export const remoteStartsResource: Resource = (app, services) => {
  app.get(
    "/api/v1/remote-starts",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listRemoteStarts",
        summary: "List remote starts and what became of them.",
        description: `The newest first. ${scanNote}`,
        tags,
        querystring: parameters({
          stationId,
          status: choice("Only those with this status.", statuses),
          ...pageParameters(pages),
        }),
        response: { 200: { description: "The remote starts.", headers: linkHeader, ...list(remoteStartSchema) } },
      },
    },
    async (request, reply) => {
      const { stationId, status } = request.query;
      const conditions = ledByBoth<"remote_starts">(
        stationId === undefined ? undefined : (where) => where("station_id", "=", stationId),
        status === undefined ? undefined : (where) => where("status", "=", status),
      );
      const rows = await scanPage(request, reply, services.store, { table: "remote_starts", pages, ...conditions });
      return rows.map(remoteStartJson);
    },
  );

  app.post(
    "/api/v1/remote-starts",
    {
      config: { role: "operator" },
      schema: {
        operationId: "startTransaction",
        summary: "Start a transaction: the station is asked.",
        description:
          "RequestStartTransaction of 2.x, RemoteStartTransaction of 1.6. A station that refuses is a 200 as well.",
        tags,
        body: withExample(
          record(
            {
              stationId,
              idToken: text("The id token.", 255),
              type: text("The IdTokenEnumType of 2.x; that of the token's record, or ISO14443, unless given.", 20),
              evseId: whole("The EVSE, or connector of 1.6; the station chooses unless given.", 1),
            },
            ["type", "evseId"],
          ),
          { stationId: "CS001", idToken: "RFID123", evseId: 1 },
        ),
        response: {
          200: {
            description: "What the station said.",
            ...record({
              accepted: boolean("Whether the station accepted."),
              status: string("What the station said."),
              commandId: string(),
              remoteStartId: whole("The number that a 2.x station repeats in its TransactionEvents."),
              knownToken: boolean(
                "Whether the id token is known. A station that asks about one that is not is answered as `tokens.unknown` of the configuration says.",
              ),
            }),
          },
        },
      },
    },
    async ({ body: { stationId: id, ...asked }, caller }) => {
      const result = await services.operations.remoteStart(id, asked, caller?.name ?? "");
      const { accepted, status, commandId, remoteStartId, knownToken } = result;
      return { accepted, status, commandId, remoteStartId, knownToken };
    },
  );

  app.get(
    "/api/v1/remote-starts/:id",
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
