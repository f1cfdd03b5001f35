import type { VersionFacts } from "../version.ts";

/** What OCPP 2.0.1 and 2.1 have in common. */
export const facts2x: VersionFacts = {
  numbersTransactions: false,
  answersTransactionStatus: true,
  reportsChargingState: true,
  // A 2.x station keeps reporting the statuses of connectors beside its transactions (G01).
  concludesStatuses: false,
  meterTrigger: "TransactionEvent",
  transactionContexts: new Set(["Transaction.Begin", "Transaction.End", "Trigger"]),
  triggersStatusOfStation: false,
  triggersBootWhenAccepted: true,
  hasEvses: true,
  logStatusTrigger: "LogStatusNotification",
};
