import type { Resource } from "../../http/resource.ts";
import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  boolean,
  count,
  list,
  nullable,
  number,
  record,
  type Static,
  stationId,
  string,
  time,
} from "../../shared/schema.ts";
import type { ReportSession } from "../../transactions/repository/report-sessions.ts";
import { addEnergyReport } from "../../transactions/rest/reports/energy-report.ts";
import { transactionNameSchema } from "./transaction-name.ts";

const sessionSchema = record({
  chargePointId: stationId,
  transactionId: transactionNameSchema,
  startTimestamp: time,
  stopTimestamp: nullable(time),
  energyDelivered: number("kWh within the window."),
  idTag: string(),
  complete: boolean(),
});

function sessionJson(session: ReportSession): Static<typeof sessionSchema> {
  return {
    chargePointId: session.stationId,
    transactionId: session.number ?? session.transactionId,
    startTimestamp: isoTime(session.startedAt),
    stopTimestamp: isoTimeOrNull(session.stoppedAt),
    energyDelivered: kilowattHours(session.energy),
    idTag: session.idToken ?? "",
    complete: session.stoppedAt !== null,
  };
}

/** kWh from Wh, of which there are tenths. */
function kilowattHours(energy: number): number {
  return Math.round(energy * 10) / 10_000;
}

const reportSchema = record({
  startDate: { ...string(), format: "date" },
  endDate: { ...string(), format: "date" },
  timeZone: string(),
  transactions: list(sessionSchema, "The sessions that overlap the window."),
  totalEnergyDelivered: number("kWh within the window."),
  completeTransactions: count("How many stopped within the window."),
  incompleteTransactions: count("How many started within it and still run."),
});

/** The energy report of go-ocpp-server. */
export const chargePointEnergyResource: Resource = (app, services) => {
  addEnergyReport(app, services, {
    path: "/api/reports/energy",
    operationId: "getChargePointEnergyReport",
    tag: "go-ocpp-server",
    schema: reportSchema,
    words: {
      session: sessionJson,
      columns: [
        "chargePointId",
        "transactionId",
        "startTimestamp",
        "stopTimestamp",
        "energyDelivered",
        "idTag",
        "complete",
      ],
      totals: ({ energy, ended, running }) => ({
        totalEnergyDelivered: kilowattHours(energy),
        completeTransactions: ended,
        incompleteTransactions: running,
      }),
    },
  });
};
