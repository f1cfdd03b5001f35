import { meterValueRow, transactionRow } from "../../../store/rows.fixture.ts";
import type { MeterValueRow, TransactionRow } from "../../../store/tables/transactions.ts";

/** The tests number their rows themselves. */
const noIds = { nextId: (): number => Number.NaN };

/** A session of the report, by default one of 1.6 that runs. */
export function session(id: number, fields: Partial<TransactionRow>): TransactionRow {
  const stopped = fields.stopped_at ?? null;
  return transactionRow(noIds, {
    id,
    station_id: "CP1",
    number: id,
    transaction_id: String(id),
    protocol: "ocpp1.6",
    id_token: "TAG1",
    authorization: "Accepted",
    started_at: 0,
    start_time: "",
    start_received_at: fields.started_at ?? 0,
    stop_received_at: stopped,
    complete: stopped === null ? 0 : 1,
    meter_start: 0,
    updated_at: 0,
    ...fields,
  });
}

/** A reading of the register. */
export function reading(id: number, transaction: number, time: number, register: number): MeterValueRow {
  return meterValueRow(noIds, {
    id,
    station_id: "CP1",
    transaction,
    measured_at: time,
    time: "",
    received_at: time,
    register,
    digest: id,
  });
}
