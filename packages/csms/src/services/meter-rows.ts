import { type Reading, readingsOf } from "../domain/energy-register.ts";
import type { SampledSet } from "../domain/meter-value.ts";
import { parseStationTime } from "../domain/station-time.ts";
import type { MeterValueRow } from "../store/tables.ts";
import { storableText } from "./storable-text.ts";
import { textDigest } from "./text-digest.ts";

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
  const [reading] = readingsOf([set], receivedAt);
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
    register: reading?.register ?? null,
    sampled: set.raw,
    digest: textDigest(`${evseId}/${connectorId}/${set.raw}`),
  };
}

/** The readings of the energy register in rows. */
export function readingsOfRows(rows: readonly MeterValueRow[]): Reading[] {
  return rows.flatMap(({ register, measured_at: at }) => (register === null ? [] : [{ at, register }]));
}
