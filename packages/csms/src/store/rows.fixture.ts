import type { Store } from "./store.ts";
import type { CounterRow, EventRow, MeterValueRow, StationRow, TransactionRow } from "./tables.ts";

/** An event with what a test does not care about filled in. */
export function eventRow(store: Store, row: Partial<EventRow> = {}): EventRow {
  return { id: store.nextId(), station_id: "CS-1", kind: "test", at: 1_700_000_000_000, data: "{}", ...row };
}

/** A station with what a test does not care about filled in. */
export function stationRow(row: Partial<StationRow> = {}): StationRow {
  return {
    id: "CS-1",
    registration: "Accepted",
    booted: 1,
    protocol: "ocpp2.0.1",
    vendor: null,
    model: null,
    serial_number: null,
    firmware_version: null,
    iccid: null,
    imsi: null,
    meter_type: null,
    meter_serial_number: null,
    boot_reason: null,
    status: "Available",
    error_code: null,
    status_at: null,
    heartbeat_interval: null,
    security_profile: 1,
    password_hash: "$scrypt$1",
    password_digest: null,
    next_password_hash: null,
    password_limit: null,
    connected: 0,
    connected_at: null,
    disconnected_at: null,
    remote_address: null,
    last_boot_at: null,
    last_heartbeat_at: null,
    last_seen_at: null,
    note: null,
    self_registered: 0,
    created_at: 1_700_000_000_000,
    updated_at: 1_700_000_000_000,
    ...row,
  };
}

/** A transaction with what a test does not care about filled in. */
export function transactionRow(store: Store, row: Partial<TransactionRow> = {}): TransactionRow {
  const id = store.nextId();
  return {
    id,
    station_id: "CS-1",
    transaction_id: String(id),
    number: null,
    protocol: "ocpp2.0.1",
    evse_id: 1,
    connector_id: 1,
    id_token: null,
    id_token_type: null,
    group_id: null,
    authorization: null,
    remote_start_id: null,
    reservation_id: null,
    started_at: null,
    start_time: null,
    start_received_at: 1_700_000_000_000,
    stopped_at: null,
    stop_time: null,
    stop_received_at: null,
    stop_reason: null,
    stop_id_token: null,
    requested_stop_reason: null,
    complete: 0,
    provisional: 0,
    meter_start: null,
    meter_stop: null,
    register: null,
    register_at: null,
    charging_state: null,
    first_seq: null,
    last_seq: null,
    seq_count: 0,
    offline: 0,
    remarks: "[]",
    doubtful_since: null,
    updated_at: 1_700_000_000_000,
    ...row,
  };
}

/** A meter value with what a test does not care about filled in. */
export function meterValueRow(store: Store, row: Partial<MeterValueRow> = {}): MeterValueRow {
  return {
    id: store.nextId(),
    station_id: "CS-1",
    transaction: 0,
    evse_id: 1,
    connector_id: 1,
    measured_at: 1_700_000_000_000,
    time: "2023-11-14T22:13:20Z",
    received_at: 1_700_000_000_000,
    source: "MeterValues",
    register: null,
    sampled: "[]",
    digest: 1,
    ...row,
  };
}

/** A counter, the smallest row there is. */
export function counterRow(name: string, value = 0): CounterRow {
  return { name, value };
}
