import type { Write } from "../store/store.ts";
import type { TransactionRow } from "../store/tables/transactions.ts";
import type { TokenVerdict } from "../tokens/rules.ts";
import { type TransactionLedger, type TransactionMessageFacts, tokenOf } from "./ledger.ts";
import type { MessageFacts, StopFacts } from "./message-facts.ts";
import type { KnownTransaction } from "./repository/memory.ts";
import { applyMessage, type TransactionMessage } from "./rules/apply-message.ts";
import { readingsOf } from "./rules/energy-register.ts";
import type { TransactionRemark, TransactionState } from "./rules/state.ts";
import { parseStationTime } from "./rules/station-time.ts";
import { remarksOf } from "./rules/totals.ts";

/** A stop that is written down. */
export interface RecordedStop {
  readonly verdict?: TokenVerdict | undefined;
  /** The transaction that it ended; undefined where it ended none. */
  readonly row?: TransactionRow | undefined;
}

/** The remarks for which a stop is kept for an operator to look at. */
const doubtful: ReadonlySet<TransactionRemark> = new Set<TransactionRemark>([
  "stop-before-start",
  "stop-in-future",
  "meter-below-start",
  "stop-by-other-token",
]);

/** Why the end of a transaction cannot be taken at its word; undefined where it can. */
function doubtsAbout(state: TransactionState): string | undefined {
  const doubts = remarksOf(state).filter((remark) => doubtful.has(remark));
  return doubts.length === 0 ? undefined : doubts.join(", ");
}

/** The write that records a stop for an operator to look at. */
function failedStopWrite(
  { store, statements }: TransactionLedger,
  facts: MessageFacts,
  transactionId: string,
  reason: string,
): Write {
  return statements.failedStop({
    id: store.nextId(),
    station_id: facts.stationId,
    transaction_id: transactionId,
    reason,
    payload: facts.payload,
    received_at: facts.receivedAt,
  });
}

async function recordFailure(ledger: TransactionLedger, facts: StopFacts, reason: string): Promise<void> {
  const { stationId, receivedAt } = facts;
  const transactionId = String(facts.transactionId);
  if (await ledger.queries.hasFailedStop(stationId, transactionId, facts.payload)) return;
  const context = {
    stationId,
    transaction: 0,
    evseId: 0,
    connectorId: 0,
    receivedAt,
    source: "StopTransaction",
  } as const;
  const values = ledger.meterRows(facts.meterValues, context).map((row) => ledger.statements.meterValue(row));
  await ledger.commit(
    stationId,
    [failedStopWrite(ledger, facts, transactionId, reason), ...values],
    [{ stationId, kind: "transaction.stop-failed", data: { transactionId, reason } }],
  );
  ledger.systemLog.write(
    "WARNING",
    "ChargePoint",
    `StopTransaction of transaction ${transactionId} ended nothing (${reason}); it is recorded`,
    stationId,
  );
}

/** Why a stop does not end the transaction that it names: it is over, and not only by the CSMS's word. */
function refusalOf({ row }: KnownTransaction, facts: StopFacts): "repeat" | "already-stopped" | undefined {
  if (row.complete === 0 || row.provisional === 1) return undefined;
  return row.stop_time === facts.timestamp && row.meter_stop === facts.meterStop ? "repeat" : "already-stopped";
}

async function recordEnd(
  ledger: TransactionLedger,
  known: KnownTransaction,
  facts: StopFacts,
  verdict: TokenVerdict | undefined,
): Promise<TransactionRow> {
  const { stationId, receivedAt, idTag } = facts;
  const message: TransactionMessage = {
    type: "Ended",
    time: facts.timestamp,
    at: parseStationTime(facts.timestamp),
    receivedAt,
    token: idTag === undefined || verdict === undefined ? undefined : tokenOf(idTag, undefined, verdict),
    stoppedReason: facts.reason,
    end: facts.meterStop,
    readings: readingsOf(facts.meterValues, receivedAt),
  };
  const { state } = applyMessage(known.state, message, ledger.rules);
  const { id, evse_id: evseId, connector_id: connectorId } = known.row;
  const context = { stationId, transaction: id, evseId, connectorId, receivedAt, source: "StopTransaction" } as const;
  const writes = [
    ledger.messageWrite(known.row, message, facts),
    ...ledger.meterRows(facts.meterValues, context).map((row) => ledger.statements.meterValue(row)),
  ];
  return saveEnd(ledger, known, state, facts, writes);
}

/** Persists the end of a transaction; one that raises doubts is also put where an operator looks at it. */
export async function saveEnd(
  ledger: TransactionLedger,
  known: KnownTransaction & { readonly isNew?: boolean },
  state: TransactionState,
  facts: MessageFacts,
  writes: readonly Write[],
  told?: TransactionMessageFacts,
): Promise<TransactionRow> {
  const { transaction_id: transactionId } = known.row;
  const doubts = doubtsAbout(state);
  const also = doubts === undefined ? [] : [failedStopWrite(ledger, facts, transactionId, doubts)];
  const event = known.state.complete ? "transaction.corrected" : "transaction.ended";
  const connector = { sign: "ended", receipt: facts } as const;
  const row = await ledger.save(known, state, { event, message: told, connector }, [...writes, ...also]);
  if (doubts !== undefined) {
    ledger.systemLog.write(
      "WARNING",
      "ChargePoint",
      `The end of transaction ${transactionId} is doubtful: ${doubts}`,
      facts.stationId,
    );
  }
  return row;
}

/** Records a StopTransaction of 1.6; see `TransactionRecorder.stop`. */
export async function recordStop(ledger: TransactionLedger, facts: StopFacts): Promise<RecordedStop> {
  const { stationId, idTag, transactionId } = facts;
  const verdict =
    idTag === undefined ? undefined : await ledger.tokens.authorize({ stationId, token: idTag, starting: false });
  // The station never learnt the number (1.6 errata 3.18), or it is of another station or of none.
  const known = transactionId === -1 ? undefined : await ledger.memory.find(stationId, String(transactionId));
  if (known === undefined) {
    await recordFailure(ledger, facts, transactionId === -1 ? "no-transaction-id" : "unknown-transaction");
    return { verdict };
  }
  const refusal = refusalOf(known, facts);
  if (refusal === undefined) return { verdict, row: await recordEnd(ledger, known, facts, verdict) };
  if (refusal !== "repeat") await recordFailure(ledger, facts, refusal);
  return { verdict };
}
