import { linkHeader, pageParameters } from "../../http/page.ts";
import type { Resource } from "../../http/resource.ts";
import { scanNote, scanPage } from "../../http/scan-page.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  boolean,
  list,
  number,
  parameters,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
} from "../../shared/schema.ts";
import { NotFoundError } from "../../shared/service-error.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import { transactionOrder, transactionScan } from "../../transactions/rest/query.ts";
import { energyOf } from "../../transactions/rules/totals.ts";
import { transactionName, transactionNameSchema } from "./transaction-name.ts";

const transactionSchema = record(
  {
    id: rowId,
    transactionId: transactionNameSchema,
    chargePointId: stationId,
    connectorId: whole("The connector; 0 where a 2.x station spoke of the EVSE."),
    idTag: string("The id token; empty where none was shown."),
    startTimestamp: {
      ...time,
      description: "The station's time of the start; ours of its first message where it has not reported it.",
    },
    stopTimestamp: time,
    meterStart: number("Energy register, Wh; 0 where it is not known."),
    meterStop: number("Energy register, Wh."),
    energyDelivered: number("kWh."),
    stopReason: string(),
    isComplete: boolean(),
  },
  ["stopTimestamp", "meterStop", "energyDelivered", "stopReason"],
);

function transactionJson(row: TransactionRow): Static<typeof transactionSchema> {
  const { meter_start: meterStart, meter_stop: meterStop, register } = row;
  const energy = energyOf({ meterStart, meterStop, register });
  return {
    id: row.id,
    transactionId: transactionName(row),
    chargePointId: row.station_id,
    connectorId: row.connector_id,
    idTag: row.id_token ?? "",
    startTimestamp: isoTime(row.started_at ?? row.start_received_at),
    ...(row.stopped_at === null ? {} : { stopTimestamp: isoTime(row.stopped_at) }),
    meterStart: meterStart ?? 0,
    ...(meterStop === null ? {} : { meterStop }),
    ...(energy === undefined ? {} : { energyDelivered: Math.round(energy) / 1_000 }),
    ...(row.stop_reason === null ? {} : { stopReason: row.stop_reason }),
    isComplete: row.complete === 1,
  };
}

/** The transactions of go-ocpp-server. */
export const chargePointTransactionsResource: Resource = (app, { store, transactions }) => {
  app.get(
    "/api/transactions",
    {
      config: { role: "viewer" },
      schema: {
        operationId: "listChargePointTransactions",
        summary: "List transactions as go-ocpp-server does, or find one by the station's name for it.",
        description: `The newest first. ${scanNote} With \`transactionId\`, the list has that one.`,
        tags: ["go-ocpp-server"],
        querystring: parameters({
          chargePointId: stationId,
          isComplete: boolean("Only those that have ended, or have not."),
          transactionId: text("The number of 1.6, or the text of 2.x: only this one.", 255),
          ...pageParameters(transactionOrder),
        }),
        response: { 200: { description: "The transactions.", headers: linkHeader, ...list(transactionSchema) } },
      },
    },
    async (request, reply) => {
      const { transactionId, chargePointId, isComplete, sort } = request.query;
      if (transactionId !== undefined) {
        const row = await transactions.find(transactionId, chargePointId);
        if (row === undefined) throw new NotFoundError("There is no transaction with this transactionId.");
        return [transactionJson(row)];
      }
      const query = {
        sort,
        ...(chargePointId === undefined ? {} : { stationId: chargePointId }),
        ...(isComplete === undefined ? {} : { complete: isComplete }),
      };
      return (await scanPage(request, reply, store, transactionScan(query))).map(transactionJson);
    },
  );
};
