import type { SampledSet } from "../ocpp/versions/sample.ts";
import { storableText } from "../shared/storable-text.ts";
import { textDigest } from "../shared/text-digest.ts";
import type { MeterValueRow } from "../store/tables/transactions.ts";
import { type Reading, registerOf } from "./rules/energy-register.ts";
import { parseStationTime } from "./rules/station-time.ts";

/** Where sampled values belong, and how they came. */
export interface MeterContext {
  readonly stationId: string;
  /** `transactions.id`; 0 outside of a transaction. */
  readonly transaction: number;
  readonly evseId: number;
  readonly connectorId: number;
  readonly receivedAt: number;
  readonly source: "MeterValues" | "TransactionEvent" | "StopTransaction";
}

/** The row of one set of sampled values. */
export function meterRow(id: number, set: SampledSet, context: MeterContext): MeterValueRow {
  const { stationId, transaction, evseId, connectorId, receivedAt, source } = context;
  return {
    id,
    station_id: stationId,
    transaction,
    evse_id: evseId,
    connector_id: connectorId,
    measured_at: parseStationTime(set.timestamp) ?? receivedAt,
    time: storableText(set.timestamp),
    received_at: receivedAt,
    source,
    register: registerOf(set.samples) ?? null,
    sampled: set.raw,
    digest: textDigest(`${evseId}/${connectorId}/${set.raw}`),
  };
}

/** The readings of the energy register in rows. */
export function readingsOfRows(rows: readonly MeterValueRow[]): Reading[] {
  const readings: Reading[] = [];
  for (const { register, measured_at: at } of rows) if (register !== null) readings.push({ at, register });
  return readings;
}
