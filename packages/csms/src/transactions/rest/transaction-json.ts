import { choice, list, nullable, record, rowId, type Schema, stationId, text, time, whole } from "../../http/schema.ts";
import { isoTime, isoTimeOrNull } from "../../http/times.ts";
import { subprotocols } from "../../ocpp/versions/version.ts";
import type {
  FailedStopRow,
  MeterValueRow,
  TransactionEventRow,
  TransactionRow,
} from "../../store/tables/transactions.ts";
import { energyOf } from "../rules/totals.ts";

/** The number of a 1.6 transaction, or the text that a 2.x station calls it by. */
export function transactionName({
  number,
  transaction_id,
}: Pick<TransactionRow, "number" | "transaction_id">): number | string {
  return number ?? transaction_id;
}

/** What a transaction has delivered in kWh, as far as registers tell; undefined where they do not. */
export function deliveredEnergy({
  meter_start: meterStart,
  meter_stop: meterStop,
  register,
}: Pick<TransactionRow, "meter_start" | "meter_stop" | "register">): number | undefined {
  const energy = energyOf({ meterStart, meterStop, register });
  return energy === undefined ? undefined : Math.round(energy) / 1_000;
}

/** Reads JSON that the store holds; null where there is none, or it is none. */
export function storedJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/**
 * A transaction as REST tells it: the fields of go-ocpp-server, where what is not known is left out, and then what is known
 * besides, where it is null.
 */
export function transactionJson(row: TransactionRow): Record<string, unknown> {
  const energy = deliveredEnergy(row);
  const meterStop = row.meter_stop;
  return {
    id: row.id,
    transactionId: transactionName(row),
    chargePointId: row.station_id,
    connectorId: row.connector_id,
    idTag: row.id_token ?? "",
    startTimestamp: isoTime(row.started_at ?? row.start_received_at),
    ...(row.stopped_at === null ? {} : { stopTimestamp: isoTime(row.stopped_at) }),
    meterStart: row.meter_start ?? 0,
    ...(meterStop === null ? {} : { meterStop }),
    ...(energy === undefined ? {} : { energyDelivered: energy }),
    ...(row.stop_reason === null ? {} : { stopReason: row.stop_reason }),
    isComplete: row.complete === 1,
    provisional: row.provisional === 1,
    protocol: row.protocol,
    evseId: row.evse_id,
    idTokenType: row.id_token_type,
    groupId: row.group_id,
    authorization: row.authorization,
    stopIdTag: row.stop_id_token,
    remoteStartId: row.remote_start_id,
    reservationId: row.reservation_id,
    chargingState: row.charging_state,
    requestedStopReason: row.requested_stop_reason,
    startKnown: row.started_at !== null,
    meterStartKnown: row.meter_start !== null,
    startReceivedAt: isoTime(row.start_received_at),
    stopReceivedAt: isoTimeOrNull(row.stop_received_at),
    meterLatest: row.register,
    meterLatestAt: isoTimeOrNull(row.register_at),
    firstSeqNo: row.first_seq,
    lastSeqNo: row.last_seq,
    messageCount: row.seq_count,
    missingMessages: missingMessages(row),
    offline: row.offline === 1,
    remarks: storedJson(row.remarks) ?? [],
    doubtfulSince: isoTimeOrNull(row.doubtful_since),
    updatedAt: isoTime(row.updated_at),
  };
}

/** How many messages between the first and the last seqNo have not arrived; null in 1.6, which does not number them. */
function missingMessages({ first_seq, last_seq, seq_count }: TransactionRow): number | null {
  return first_seq === null || last_seq === null ? null : Math.max(0, last_seq - first_seq + 1 - seq_count);
}

const energy: Schema = { type: "number", description: "kWh." };
const register: Schema = { type: "number", description: "Energy register, Wh." };

/** The schema of `transactionJson`. */
export const transactionSchema: Schema = record(
  {
    id: rowId,
    transactionId: { type: ["integer", "string"], description: "The number of 1.6, or the text of 2.x." },
    chargePointId: stationId,
    connectorId: whole("The connector; 0 where the station spoke of the EVSE."),
    idTag: { type: "string", description: "The id token; empty where none was shown." },
    startTimestamp: {
      ...time,
      description: "The station's time of the start; ours of its first message where it has not told.",
    },
    stopTimestamp: time,
    meterStart: register,
    meterStop: register,
    energyDelivered: energy,
    stopReason: { type: "string" },
    isComplete: { type: "boolean" },
    provisional: {
      type: "boolean",
      description: "Whether the CSMS made up the end; what the station reports replaces it.",
    },
    protocol: choice("The subprotocol.", subprotocols),
    evseId: whole("The EVSE; in 1.6 the connector."),
    idTokenType: nullable({ type: "string" }),
    groupId: nullable({ type: "string" }),
    authorization: nullable({ type: "string", description: "What the token was worth at the start." }),
    stopIdTag: nullable({ type: "string" }),
    remoteStartId: nullable({ type: "integer" }),
    reservationId: nullable({ type: "integer" }),
    chargingState: nullable({ type: "string" }),
    requestedStopReason: nullable({ type: "string" }),
    startKnown: { type: "boolean", description: "Whether the station has told of the start." },
    meterStartKnown: { type: "boolean", description: "Whether `meterStart` is known; it is 0 where not." },
    startReceivedAt: time,
    stopReceivedAt: nullable(time),
    meterLatest: nullable(register),
    meterLatestAt: nullable(time),
    firstSeqNo: nullable({ type: "integer" }),
    lastSeqNo: nullable({ type: "integer" }),
    messageCount: { type: "integer", minimum: 0 },
    missingMessages: nullable({ type: "integer", minimum: 0 }),
    offline: { type: "boolean", description: "Whether a message of it was sent late." },
    remarks: list({ type: "string" }, "What looked wrong, such as stop-before-start."),
    doubtfulSince: {
      ...nullable(time),
      description:
        "Since when a later transaction is known on the same EVSE, so that this one may be over; null where none is.",
    },
    updatedAt: time,
  },
  ["stopTimestamp", "meterStop", "energyDelivered", "stopReason"],
);

/** A message that told of a transaction, as REST tells it. */
export function transactionEventJson(row: TransactionEventRow): Record<string, unknown> {
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
export const transactionEventSchema: Schema = record({
  id: rowId,
  type: choice("Of 1.6, StartTransaction is Started and StopTransaction Ended.", ["Started", "Updated", "Ended"]),
  seqNo: { type: "integer" },
  trigger: nullable({ type: "string" }),
  timestamp: { type: "string", description: "The station's time, as it wrote it." },
  offline: { type: "boolean" },
  messageId: { type: "string" },
  payload: { description: "The request as it came." },
  receivedAt: time,
});

/** The sampled values of one moment, as REST tells them. */
export function meterValueJson(row: MeterValueRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    timestamp: isoTime(row.measured_at),
    reportedTime: row.time,
    receivedAt: isoTime(row.received_at),
    source: row.source,
    register: row.register,
    sampledValue: storedJson(row.sampled) ?? [],
  };
}

/** The schema of `meterValueJson`. */
export const meterValueSchema: Schema = record({
  id: rowId,
  chargePointId: stationId,
  evseId: { type: "integer" },
  connectorId: { type: "integer" },
  timestamp: time,
  reportedTime: { type: "string", description: "The station's time, as it wrote it." },
  receivedAt: time,
  source: text("MeterValues, TransactionEvent, StartTransaction, StopTransaction or Backup."),
  register: nullable(register),
  sampledValue: list({}, "The sampled values as they came."),
});

/** A stop that could not be taken at its word, as REST tells it. */
export function failedStopJson(row: FailedStopRow): Record<string, unknown> {
  return {
    id: row.id,
    chargePointId: row.station_id,
    transactionId: row.transaction_id,
    reason: row.reason,
    payload: storedJson(row.payload),
    receivedAt: isoTime(row.received_at),
  };
}

/** The schema of `failedStopJson`. */
export const failedStopSchema: Schema = record({
  id: rowId,
  chargePointId: stationId,
  transactionId: { type: "string" },
  reason: { type: "string", description: "Why it is here." },
  payload: { description: "The request as it came." },
  receivedAt: time,
});
