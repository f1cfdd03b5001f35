import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  annotated,
  boolean,
  choice,
  count,
  integer,
  list,
  nullable,
  number,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
} from "../../shared/schema.ts";
import type {
  FailedStopRow,
  MeterValueRow,
  TransactionEventRow,
  TransactionRow,
} from "../../store/tables/transactions.ts";
import { readRemarks } from "../repository/row.ts";
import { energyOf } from "../rules/totals.ts";

/** Reads JSON that the store holds; null where there is none, or it is none. */
export function storedJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** How many messages between the first and the last seqNo have not arrived; null in 1.6, which does not number them. */
function missingMessages({ first_seq, last_seq, seq_count }: TransactionRow): number | null {
  return first_seq === null || last_seq === null ? null : Math.max(0, last_seq - first_seq + 1 - seq_count);
}

const register = number("Energy register, Wh.");

/** The schema of a transaction. */
export const transactionSchema = annotated(
  record({
    id: rowId,
    transactionId: string("The station's name for it; in 1.6 the number that the CSMS gave it."),
    stationId,
    evseId: whole("The EVSE; in 1.6 the connector."),
    connectorId: whole("The connector; 0 where the station spoke of the EVSE."),
    protocol: string("The subprotocol."),
    idToken: nullable(string("The id token; null where none was shown.")),
    idTokenType: nullable(string()),
    groupId: nullable(string()),
    authorization: nullable(string("What the token was worth at the start.")),
    startedAt: nullable({
      ...time,
      description: "The station's time of the start; null where it has not reported it.",
    }),
    startReceivedAt: { ...time, description: "Our time of its first message." },
    stoppedAt: nullable({ ...time, description: "The station's time of the end, or that of the one who closed it." }),
    stopReceivedAt: nullable(time),
    complete: boolean("Whether it has ended."),
    provisional: boolean("Whether the CSMS made up the end; what the station reports replaces it."),
    stoppedReason: nullable(string()),
    requestedStopReason: nullable(string("The reason of a remote stop that the station has accepted.")),
    stopIdToken: nullable(string()),
    meterStart: nullable(register),
    meterStop: nullable(register),
    meterLatest: nullable(register),
    meterLatestAt: nullable(time),
    energy: nullable(number("What it has delivered, in Wh, as far as registers tell.")),
    remoteStartId: nullable(integer()),
    reservationId: nullable(integer()),
    chargingState: nullable(string()),
    firstSeqNo: nullable(integer()),
    lastSeqNo: nullable(integer()),
    messageCount: count(),
    missingMessages: nullable(count()),
    offline: boolean("Whether a message of it was sent late."),
    remarks: list(string(), "What looked wrong, such as stop-before-start."),
    doubtfulSince: {
      ...nullable(time),
      description:
        "Since when a later transaction is known on the same EVSE, so that this one may be over; null where none is.",
    },
    updatedAt: time,
  }),
  { title: "Transaction" },
);

/** A transaction as REST returns it. */
export function transactionJson(row: TransactionRow): Static<typeof transactionSchema> {
  return {
    id: row.id,
    transactionId: row.transaction_id,
    stationId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    protocol: row.protocol,
    idToken: row.id_token,
    idTokenType: row.id_token_type,
    groupId: row.group_id,
    authorization: row.authorization,
    startedAt: isoTimeOrNull(row.started_at),
    startReceivedAt: isoTime(row.start_received_at),
    stoppedAt: isoTimeOrNull(row.stopped_at),
    stopReceivedAt: isoTimeOrNull(row.stop_received_at),
    complete: row.complete === 1,
    provisional: row.provisional === 1,
    stoppedReason: row.stop_reason,
    requestedStopReason: row.requested_stop_reason,
    stopIdToken: row.stop_id_token,
    meterStart: row.meter_start,
    meterStop: row.meter_stop,
    meterLatest: row.register,
    meterLatestAt: isoTimeOrNull(row.register_at),
    energy: energyOf({ meterStart: row.meter_start, meterStop: row.meter_stop, register: row.register }) ?? null,
    remoteStartId: row.remote_start_id,
    reservationId: row.reservation_id,
    chargingState: row.charging_state,
    firstSeqNo: row.first_seq,
    lastSeqNo: row.last_seq,
    messageCount: row.seq_count,
    missingMessages: missingMessages(row),
    offline: row.offline === 1,
    remarks: readRemarks(row),
    doubtfulSince: isoTimeOrNull(row.doubtful_since),
    updatedAt: isoTime(row.updated_at),
  };
}

/** A message that reported a transaction, as REST returns it. */
export function transactionEventJson(row: TransactionEventRow): Static<typeof transactionEventSchema> {
  return {
    id: row.id,
    type: row.type,
    seqNo: row.seq_no,
    trigger: row.trigger,
    timestamp: row.event_time,
    offline: row.offline === 1,
    messageId: row.message_id,
    payload: storedJson(row.payload),
    receivedAt: isoTime(row.received_at),
  };
}

/** The schema of `transactionEventJson`. */
export const transactionEventSchema = record({
  id: rowId,
  type: choice("Of 1.6, StartTransaction is Started and StopTransaction Ended.", ["Started", "Updated", "Ended"]),
  seqNo: integer(),
  trigger: nullable(string()),
  timestamp: string("The station's time, as it wrote it."),
  offline: boolean(),
  messageId: string(),
  payload: { description: "The request as it came." },
  receivedAt: time,
});

/** The sampled values of one moment, as REST returns them. */
export function meterValueJson(row: MeterValueRow): Static<typeof meterValueSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    timestamp: isoTime(row.measured_at),
    reportedTime: row.time,
    receivedAt: isoTime(row.received_at),
    source: row.source,
    register: row.register,
    sampledValue: (storedJson(row.sampled) ?? []) as readonly unknown[],
  };
}

/** The schema of `meterValueJson`. */
export const meterValueSchema = record({
  id: rowId,
  stationId,
  evseId: integer(),
  connectorId: integer(),
  timestamp: time,
  reportedTime: string("The station's time, as it wrote it."),
  receivedAt: time,
  source: text("MeterValues, TransactionEvent, StartTransaction, StopTransaction or Backup."),
  register: nullable(register),
  sampledValue: list({}, "The sampled values as they came."),
});

/** A stop that could not be taken at its word, as REST returns it. */
export function failedStopJson(row: FailedStopRow): Static<typeof failedStopSchema> {
  return {
    id: row.id,
    stationId: row.station_id,
    transactionId: row.transaction_id,
    reason: row.reason,
    payload: storedJson(row.payload),
    receivedAt: isoTime(row.received_at),
  };
}

/** The schema of `failedStopJson`. */
export const failedStopSchema = record({
  id: rowId,
  stationId,
  transactionId: string(),
  reason: string("Why it is here."),
  payload: { description: "The request as it came." },
  receivedAt: time,
});
