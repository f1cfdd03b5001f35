import { v16 } from "@ocpp/v16";
import type { Version } from "../version.ts";
import { type MeterValue16, readSampled16 } from "./meter-values.ts";

/** OCPP 1.6 with its security extension. */
export const version16: Version = {
  name: "v16",
  title: "OCPP 1.6",
  protocol: v16,
  numbersTransactions: true,
  answersTransactionStatus: false,
  reportsChargingState: false,
  concludesStatuses: true,
  meterTrigger: "MeterValues",
  transactionContexts: new Set([
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Interruption.Begin",
    "Interruption.End",
    "Trigger",
  ]),
  readSamples: (sampledValue) =>
    readSampled16({ timestamp: "", sampledValue: JSON.parse(sampledValue) as MeterValue16["sampledValue"] }).samples,
  triggersStatusOfStation: true,
  triggersBootWhenAccepted: false,
  hasEvses: false,
  logStatusTrigger: "DiagnosticsStatusNotification",
};
