import type { TransactionRow } from "../../store/tables/transactions.ts";
import { countNumbers, type SequenceNumbers } from "../rules/sequence-numbers.ts";
import type { TransactionRemark, TransactionState } from "../rules/state.ts";
import { meterStart, meterStop, remarksOf } from "../rules/totals.ts";

/** What a transaction is called, which never changes. */
export type TransactionIdentity = Pick<TransactionRow, "id" | "station_id" | "transaction_id" | "number" | "protocol"> &
  Partial<Pick<TransactionRow, "doubtful_since">>;

/** What a row does not hold of the state and other tables do. */
export interface TransactionTraces {
  readonly numbers: SequenceNumbers;
  readonly lowest: number | null;
  readonly highest: number | null;
  /** The station's time of its newest message. */
  readonly newestAt: number | null;
}

/** The remarks that follow from the rest of a row, and are made anew. */
const derived: ReadonlySet<string> = new Set<TransactionRemark>([
  "stop-before-start",
  "meter-below-start",
  "started-unseen",
  "meter-start-estimated",
  "meter-stop-estimated",
]);

/** The remarks of a row. */
export function readRemarks(row: Pick<TransactionRow, "remarks">): TransactionRemark[] {
  return JSON.parse(row.remarks) as TransactionRemark[];
}

/** The state that a row and its traces tell of. */
export function stateOf(row: TransactionRow, traces: TransactionTraces): TransactionState {
  const remarks = readRemarks(row);
  const said = remarks.includes("meter-stop-estimated") ? null : row.meter_stop;
  const provisional = row.provisional === 1;
  return {
    evseId: row.evse_id,
    connectorId: row.connector_id,
    idToken: row.id_token,
    idTokenType: row.id_token_type,
    groupId: row.group_id,
    authorization: row.authorization,
    remoteStartId: row.remote_start_id,
    reservationId: row.reservation_id,
    startedAt: row.started_at,
    startTime: row.start_time,
    startReceivedAt: row.start_received_at,
    stoppedAt: row.stopped_at,
    stopTime: row.stop_time,
    stopReceivedAt: row.stop_received_at,
    stopReason: row.stop_reason,
    stopIdToken: row.stop_id_token,
    stopGroupId: row.stop_id_token === null ? null : undefined,
    requestedStopReason: row.requested_stop_reason,
    complete: row.complete === 1,
    provisional,
    begin: remarks.includes("meter-start-estimated") ? null : row.meter_start,
    end: provisional ? null : said,
    assumedEnd: provisional ? said : null,
    lowest: traces.lowest,
    highest: traces.highest,
    register: row.register,
    registerAt: row.register_at,
    chargingState: row.charging_state,
    chargingStateAt: row.charging_state === null ? null : traces.newestAt,
    numbers: traces.numbers,
    offline: row.offline === 1,
    noted: remarks.filter((remark) => !derived.has(remark)),
  };
}

/** The row of a state. */
export function rowOf(identity: TransactionIdentity, state: TransactionState, now: number): TransactionRow {
  const { numbers } = state;
  return {
    id: identity.id,
    station_id: identity.station_id,
    transaction_id: identity.transaction_id,
    number: identity.number,
    protocol: identity.protocol,
    evse_id: state.evseId,
    connector_id: state.connectorId,
    id_token: state.idToken,
    id_token_type: state.idTokenType,
    group_id: state.groupId,
    authorization: state.authorization,
    remote_start_id: state.remoteStartId,
    reservation_id: state.reservationId,
    started_at: state.startedAt,
    start_time: state.startTime,
    start_received_at: state.startReceivedAt,
    stopped_at: state.stoppedAt,
    stop_time: state.stopTime,
    stop_received_at: state.stopReceivedAt,
    stop_reason: state.stopReason,
    stop_id_token: state.stopIdToken,
    requested_stop_reason: state.requestedStopReason,
    complete: state.complete ? 1 : 0,
    provisional: state.provisional ? 1 : 0,
    meter_start: meterStart(state),
    meter_stop: meterStop(state),
    register: state.register,
    register_at: state.registerAt,
    charging_state: state.chargingState,
    first_seq: numbers[0]?.[0] ?? null,
    last_seq: numbers.at(-1)?.[1] ?? null,
    seq_count: countNumbers(numbers),
    offline: state.offline ? 1 : 0,
    remarks: JSON.stringify(remarksOf(state)),
    doubtful_since: identity.doubtful_since ?? null,
    updated_at: now,
  };
}
