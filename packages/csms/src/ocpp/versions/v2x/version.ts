import type { VersionFacts } from "../version.ts";
import { type MeterValue2x, readSampled2x } from "./meter-values.ts";

/** What OCPP 2.0.1 and 2.1 have in common. */
export const facts2x: VersionFacts = {
  numbersTransactions: false,
  answersTransactionStatus: true,
  reportsChargingState: true,
  // A 2.x station keeps reporting the statuses of connectors beside its transactions (G01).
  concludesStatuses: false,
  meterTrigger: "TransactionEvent",
  transactionContexts: new Set(["Transaction.Begin", "Transaction.End", "Trigger"]),
  readSamples: (sampledValue) =>
    readSampled2x({ timestamp: "", sampledValue: JSON.parse(sampledValue) as MeterValue2x["sampledValue"] }).samples,
  triggersStatusOfStation: false,
  triggersBootWhenAccepted: true,
  hasEvses: true,
  logStatusTrigger: "LogStatusNotification",
};
