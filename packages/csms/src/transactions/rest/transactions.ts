import { linkHeader, type PageOrder, pageParameters } from "../../http/page.ts";
import type { ApiServices, Resource } from "../../http/resource.ts";
import { scanNote, scanPage } from "../../http/scan-page.ts";
import { list, parameters, record, rowId, text, withExample } from "../../http/schema.ts";
import { sendPage } from "../../http/send-page.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import { type TransactionQuery, transactionFilters, transactionOrder, transactionScan } from "./query.ts";
import {
  meterValueJson,
  meterValueSchema,
  transactionEventJson,
  transactionEventSchema,
  transactionJson,
  transactionSchema,
} from "./transaction-json.ts";

const tags: string[] = ["transactions"];
const byId = parameters({ id: rowId }, ["id"]);

const eventOrder: PageOrder = { sorts: { seqNo: { column: "seq_no" } }, sort: "seqNo", order: "asc", id: "id" };
const valueOrder: PageOrder = {
  sorts: { timestamp: { column: "measured_at" } },
  sort: "timestamp",
  order: "asc",
  id: "id",
};

interface ById {
  readonly Params: { readonly id: number };
}

interface Closing {
  readonly isComplete: true;
  readonly meterStop?: number;
  readonly reason?: string;
}

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

  app.get<{ Querystring: TransactionQuery }>(
    "/api/transactions",
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
      const { transactionId, chargePointId } = request.query;
      if (transactionId !== undefined) {
        return [transactionJson(await named(services, transactionId, chargePointId))];
      }
      const rows = await scanPage(request, reply, store, transactionScan(request.query));
      return rows.map(transactionJson);
    },
  );

  app.get<ById>(
    "/api/transactions/:id",
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

  app.get<ById>(
    "/api/transactions/:id/events",
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
        { row: transactionEventJson },
      );
    },
  );

  app.get<ById>(
    "/api/transactions/:id/meter-values",
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
        { row: meterValueJson },
      );
    },
  );

  app.patch<ById & { Body: Closing }>(
    "/api/transactions/:id",
    {
      config: { role: "operator" },
      schema: {
        operationId: "closeTransaction",
        summary: "Stop a transaction provisionally, without its station.",
        description:
          "The end is provisional: what the station still reports replaces it. The station is not told; to stop charging, use remote-stop.",
        tags,
        params: byId,
        body: withExample(
          record(
            {
              isComplete: { type: "boolean", const: true },
              meterStop: {
                type: "number",
                description: "The last register, in Wh; the newest known one unless given.",
              },
              reason: text("Why; AdminClosed unless given.", 200),
            },
            ["meterStop", "reason"],
          ),
          { isComplete: true, meterStop: 12_500, reason: "Station was replaced" },
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
