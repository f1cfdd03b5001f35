import { expect, it } from "vitest";
import { expectKept } from "./audit.ts";
import type { Row, TestDatabase } from "./database.ts";
import { createLedger, type Ledger } from "./ledger.ts";

/* What judges the other tests of this folder is itself to be trusted. */

const time = "2026-01-01T00:00:00.000Z";

function ledgerOfOne(): Ledger {
  const ledger = createLedger();
  ledger.transactions.push({
    stationId: "S",
    protocol: "ocpp1.6",
    transactionId: "7",
    idToken: "T",
    meterStart: 0,
    meterStop: 5,
    messages: [{ type: "Started", seqNo: 0, time }],
    readings: [{ time, register: 5 }],
  });
  return ledger;
}

const message: Row = { station_id: "S", transaction_id: "7", type: "Started", seq_no: 0, event_time: time };
const value: Row = { station_id: "S", transaction_id: "7", time, register: 5 };

function databaseOf(messages: readonly Row[], values: readonly Row[], failed = 0): TestDatabase {
  return {
    kind: "sqlite",
    variables: {},
    rows: (sql) =>
      Promise.resolve(
        sql.includes("failed_stops") ? [{ count: failed }] : [...(sql.includes("meter_values") ? values : messages)],
      ),
    remove: () => Promise.resolve(),
  };
}

it("the audit passes what is kept once", async () => {
  await expectKept(databaseOf([message], [value]), ledgerOfOne());
});

it.each([
  ["a message that is missing", databaseOf([], [value])],
  ["a message that is there twice", databaseOf([message, message], [value])],
  ["a message that nobody sent", databaseOf([message, { ...message, seq_no: 1 }], [value])],
  ["meter values that are missing", databaseOf([message], [])],
  ["meter values that are there twice", databaseOf([message], [value, value])],
  ["meter values of another transaction", databaseOf([message], [{ ...value, transaction_id: "8" }])],
  ["a stop that failed", databaseOf([message], [value], 1)],
])("the audit finds %s", async (_what, database) => {
  await expect(expectKept(database, ledgerOfOne())).rejects.toThrow(/expected/);
});

it("the audit finds a number of 1.6 that was given twice", async () => {
  const ledger = ledgerOfOne();
  ledger.transactions.push(...ledgerOfOne().transactions);
  await expect(expectKept(databaseOf([message, message], [value, value]), ledger)).rejects.toThrow(/given once/);
});
