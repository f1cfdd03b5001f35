import type { SampledSet } from "../ocpp/versions/sample.ts";
import { factsOf } from "../ocpp/versions/versions.ts";
import { textDigest } from "../shared/text-digest.ts";
import type { MeterValueRow } from "../store/tables/transactions.ts";
import type { TransactionLedger } from "./ledger.ts";
import type { MeterFacts } from "./message-facts.ts";
import { readingsOfRows } from "./meter-rows.ts";
import type { KnownTransaction, StationMemory } from "./repository/memory.ts";
import { withReadings } from "./rules/apply-message.ts";

/** Whether a set was sampled for a reason that has to do with a transaction. */
function isOfTransaction({ samples }: SampledSet, protocol: string): boolean {
  const { transactionContexts } = factsOf(protocol);
  return samples.length > 0 && samples.every(({ context }) => transactionContexts.has(context));
}

/**
 * The transaction that values without a transaction belong to: the only one that is open at their connector, where all of
 * them were taken for such a reason. Values of the clock belong to the connector, and those of connector or EVSE 0 to the
 * station (1.6 §4.7 and errata 3.16, J01).
 */
function linked({ open }: StationMemory, facts: MeterFacts): KnownTransaction | undefined {
  const { evseId, protocol, meterValues } = facts;
  if (evseId === 0 || !meterValues.every((set) => isOfTransaction(set, protocol))) return undefined;
  const [only, ...others] = [...open.values()].filter(({ row }) => row.evse_id === evseId);
  return others.length === 0 ? only : undefined;
}

/** Whether these very values are recorded already. */
async function isRepeat(
  { queries }: TransactionLedger,
  { lastMeterDigest }: StationMemory,
  digest: number,
  last: MeterValueRow | undefined,
): Promise<boolean> {
  if (lastMeterDigest !== undefined || last === undefined) return lastMeterDigest === digest;
  return queries.hasMeterValue(last);
}

/** Records a MeterValues of any version; see `TransactionRecorder.meterValues`. */
export async function recordMeterValues(ledger: TransactionLedger, facts: MeterFacts): Promise<void> {
  const { stationId, evseId, connectorId, receivedAt, transactionNumber } = facts;
  const memory = await ledger.memory.of(stationId);
  const known =
    transactionNumber === undefined
      ? linked(memory, facts)
      : await ledger.memory.find(stationId, String(transactionNumber));
  const transaction = known?.row.id ?? 0;
  const rows = ledger.meterRows(facts.meterValues, {
    stationId,
    transaction,
    evseId,
    connectorId,
    receivedAt,
    source: "MeterValues",
  });
  const digest = textDigest(facts.payload);
  if (await isRepeat(ledger, memory, digest, rows.at(-1))) return;
  const writes = rows.map((row) => ledger.statements.meterValue(row));
  const readings = readingsOfRows(rows);
  const data = {
    id: known?.row.id,
    transactionId:
      known?.row.transaction_id ?? (transactionNumber === undefined ? undefined : String(transactionNumber)),
    evseId,
    connectorId,
    register: readings.at(-1)?.register,
    sets: rows.length,
  };
  if (known === undefined) await ledger.commit(stationId, writes, [{ stationId, kind: "meter.values", data }]);
  else await ledger.save(known, withReadings(known.state, readings), { event: data, metered: true }, writes);
  memory.lastMeterDigest = digest;
}
