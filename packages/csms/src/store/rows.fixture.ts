import { blankStation } from "../stations/repository/stations.ts";
import type { Store } from "./store.ts";
import type { EventRow } from "./tables/events.ts";
import type { StationRow } from "./tables/stations.ts";
import type { CounterRow } from "./tables/store.ts";
import type { MeterValueRow, TransactionRow } from "./tables/transactions.ts";

/** An event with what a test does not care about filled in. */
export function eventRow(store: Store, row: Partial<EventRow> = {}): EventRow {
  return { id: store.nextId(), station_id: "CS-1", kind: "test", at: 1_700_000_000_000, data: "{}", ...row };
}

/** A station with what a test does not care about filled in. */
export function stationRow(row: Partial<StationRow> = {}): StationRow {
  return {
    ...blankStation("CS-1", 1_700_000_000_000),
    booted: 1,
    protocol: "ocpp2.0.1",
    status: "Available",
    security_profile: 1,
    password_hash: "$scrypt$1",
    ...row,
  };
}

/** A transaction with what a test does not care about filled in. */
export function transactionRow(
  ids: Pick<Store, "nextId">,
  { id = ids.nextId(), ...row }: Partial<TransactionRow> = {},
): TransactionRow {
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
export function meterValueRow(ids: Pick<Store, "nextId">, row: Partial<MeterValueRow> = {}): MeterValueRow {
  return {
    id: ids.nextId(),
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
