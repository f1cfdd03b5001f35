import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { scanNote, scanPage } from "../../http/scan-page.ts";
import { sendPage } from "../../http/send-page.ts";
import { boolean, list, number, parameters, record, rowId, string, text, withExample } from "../../shared/schema.ts";
import { ConflictError, NotFoundError } from "../../shared/service-error.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import { transactionFilters, transactionOrder, transactionScan } from "./query.ts";
import {
  meterValueJson,
  meterValueSchema,
  transactionEventJson,
  transactionEventSchema,
  transactionJson,
  transactionSchema,
} from "./transaction-json.ts";

const tags: string[] = ["transactions"];
const byId = record({ id: rowId });

const eventOrder: PageOrder = { sorts: { seqNo: { column: "seq_no" } }, sort: "seqNo", order: "asc", id: "id" };
const valueOrder: PageOrder = {
  sorts: { timestamp: { column: "measured_at" } },
  sort: "timestamp",
  order: "asc",
  id: "id",
};

async function wanted({ transactions }: ApiServices, id: number): Promise<TransactionRow> {
  const row = await transactions.get(id);
  if (row === undefined) throw new NotFoundError(`There is no transaction with the id ${id}.`);
  return row;
}

/** Finds a transaction by the station's name for it, or the number of 1.6. */
async function named({ transactions }: ApiServices, name: string, stationId?: string): Promise<TransactionRow> {
  const row = await transactions.find(name, stationId);
  if (row === undefined) throw new NotFoundError("There is no transaction with this transactionId.");
  return row;
}

/** The transactions, their messages and their meter values. */
export const transactionsResource: Resource = (app, services) => {
  const { store } = services;

  app.get(
    "/api/v1/transactions",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listTransactions",
        summary: "List transactions, or find one by the station's name for it.",
        description: `The newest first. ${scanNote} With \`transactionId\`, the list has that one.`,
        tags,
        querystring: parameters({ ...transactionFilters, ...pageParameters(transactionOrder) }),
        response: { 200: { description: "The transactions.", headers: linkHeader, ...list(transactionSchema) } },
      },
    },
    async (request, reply) => {
      const { transactionId, stationId } = request.query;
      if (transactionId !== undefined) {
        return [transactionJson(await named(services, transactionId, stationId))];
      }
      const rows = await scanPage(request, reply, store, transactionScan(request.query));
      return rows.map(transactionJson);
    },
  );

  app.get(
    "/api/v1/transactions/:id",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "getTransaction",
        summary: "Get a transaction.",
        tags,
        params: byId,
        response: { 200: { description: "The transaction.", ...transactionSchema } },
      },
    },
    async ({ params }) => transactionJson(await wanted(services, params.id)),
  );

  app.get(
    "/api/v1/transactions/:id/events",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listTransactionEvents",
        summary: "List the messages of a transaction.",
        description: scanNote,
        tags,
        params: byId,
        querystring: parameters(pageParameters(eventOrder)),
        response: {
          200: { description: "The messages by seqNo.", headers: linkHeader, ...list(transactionEventSchema) },
        },
      },
    },
    async (request, reply) => {
      const { id } = await wanted(services, request.params.id);
      return sendPage(
        request,
        reply,
        store,
        {
          table: "transaction_events",
          pages: eventOrder,
          lead: [(where) => where("transaction", "=", id)],
          rest: [],
        },
        transactionEventJson,
      );
    },
  );

  app.get(
    "/api/v1/transactions/:id/meter-values",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listTransactionMeterValues",
        summary: "List the meter values of a transaction.",
        description: scanNote,
        tags,
        params: byId,
        querystring: parameters(pageParameters(valueOrder)),
        response: {
          200: { description: "The values by the station's time.", headers: linkHeader, ...list(meterValueSchema) },
        },
      },
    },
    async (request, reply) => {
      const { id, station_id } = await wanted(services, request.params.id);
      return sendPage(
        request,
        reply,
        store,
        {
          table: "meter_values",
          pages: valueOrder,
          lead: [(where) => where("transaction", "=", id), (where) => where("station_id", "=", station_id)],
          rest: [],
        },
        meterValueJson,
      );
    },
  );

  app.post(
    "/api/v1/transactions/:id/stop",
    {
      config: { role: "operator" },
      schema: {
        operationId: "stopTransaction",
        summary: "Stop a transaction: the station is asked.",
        description:
          "RequestStopTransaction of 2.x, RemoteStopTransaction of 1.6. A station that refuses is a 200 as well.",
        tags,
        params: byId,
        body: withExample(
          record({ reason: text("Why; recorded with the transaction once the station has accepted.", 100) }, [
            "reason",
          ]),
          { reason: "The driver has called" },
        ),
        response: {
          200: {
            description: "What the station said.",
            ...record({
              accepted: boolean("Whether the station accepted."),
              status: string("What the station said."),
              commandId: string(),
            }),
          },
        },
      },
    },
    async ({ params, body, caller }) => {
      const { station_id, transaction_id, complete } = await wanted(services, params.id);
      if (complete === 1) throw new ConflictError("The transaction has ended.");
      const by = caller?.name ?? "";
      const { accepted, status, commandId } = await services.operations.remoteStop(
        station_id,
        transaction_id,
        by,
        body.reason,
      );
      return { accepted, status, commandId };
    },
  );

  app.patch(
    "/api/v1/transactions/:id",
    {
      config: { role: "operator" },
      schema: {
        operationId: "closeTransaction",
        summary: "Stop a transaction provisionally, without its station.",
        description:
          "The end is provisional: what the station still reports replaces it. The station is not told; to stop charging, use `stop`.",
        tags,
        params: byId,
        body: withExample(
          record(
            {
              complete: { type: "boolean", const: true },
              meterStop: number("The last register, in Wh; the newest known one unless given."),
              reason: text("Why; AdminClosed unless given.", 200),
            },
            ["meterStop", "reason"],
          ),
          { complete: true, meterStop: 12_500, reason: "Station was replaced" },
        ),
        response: { 200: { description: "The transaction as it stands now.", ...transactionSchema } },
      },
    },
    async ({ params, body, caller }) => {
      const reason = body.reason ?? "AdminClosed";
      const row = await services.transactions.close(params.id, { reason, finalRegister: body.meterStop });
      services.systemLog.write(
        "WARNING",
        "Admin",
        `Transaction ${row.transaction_id} was closed by ${caller?.name ?? ""}: ${reason}`,
        row.station_id,
      );
      return transactionJson(row);
    },
  );
};
