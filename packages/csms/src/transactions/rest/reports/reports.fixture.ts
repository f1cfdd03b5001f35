import type { MeterValueRow, TransactionRow } from "../../../store/tables.ts";

/** A session of the report, by default one of 1.6 that runs. */
export function session(id: number, fields: Partial<TransactionRow>): TransactionRow {
  const stopped = fields.stopped_at ?? null;
  return {
    id,
    station_id: "CP1",
    transaction_id: String(id),
    number: id,
    protocol: "ocpp1.6",
    evse_id: 1,
    connector_id: 1,
    id_token: "TAG1",
    id_token_type: null,
    group_id: null,
    authorization: "Accepted",
    remote_start_id: null,
    reservation_id: null,
    started_at: 0,
    start_time: "",
    start_received_at: fields.started_at ?? 0,
    stopped_at: null,
    stop_time: null,
    stop_received_at: stopped,
    stop_reason: null,
    stop_id_token: null,
    requested_stop_reason: null,
    complete: stopped === null ? 0 : 1,
    provisional: 0,
    meter_start: 0,
    meter_stop: null,
    register: null,
    register_at: null,
    charging_state: null,
    first_seq: null,
    last_seq: null,
    seq_count: 0,
    offline: 0,
    remarks: "[]",
    updated_at: 0,
    ...fields,
  };
}

/** A reading of the register. */
export function reading(id: number, transaction: number, time: number, register: number): MeterValueRow {
  return {
    id,
    station_id: "CP1",
    transaction,
    evse_id: 1,
    connector_id: 1,
    measured_at: time,
    time: "",
    received_at: time,
    source: "MeterValues",
    register,
    sampled: "[]",
    digest: id,
  };
}
