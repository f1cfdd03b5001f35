import type { TransactionRow } from "../store/tables/transactions.ts";
import type { TokenVerdict } from "../tokens/rules.ts";
import { type TransactionLedger, tokenOf } from "./ledger.ts";
import type { StartFacts } from "./message-facts.ts";
import { applyMessage, type TransactionMessage } from "./rules/apply-message.ts";
import { parseStationTime } from "./rules/station-time.ts";

/** A start that is written down. */
export interface RecordedStart {
  readonly row: TransactionRow;
  readonly verdict: TokenVerdict;
  readonly repeat: boolean;
}

/** Records a StartTransaction of 1.6; see `TransactionRecorder.start`. */
export async function recordStart(ledger: TransactionLedger, facts: StartFacts): Promise<RecordedStart> {
  const { tokens, store, queries, rules } = ledger;
  const { stationId, connectorId, idTag, receivedAt } = facts;
  const question = { stationId, token: idTag, evseId: connectorId, connectorId };
  const repeated = await queries.startedBy(facts);
  if (repeated !== undefined) {
    const verdict = await tokens.authorize({ ...question, starting: true, transaction: repeated.id });
    return { row: repeated, verdict, repeat: true };
  }
  const number = await store.nextNumber("transaction");
  return tokens.start(question, async (verdict) => {
    const transactionId = String(number);
    const known = ledger.begin(
      { station_id: stationId, transaction_id: transactionId, number, protocol: facts.protocol },
      receivedAt,
    );
    const message: TransactionMessage = {
      type: "Started",
      time: facts.timestamp,
      at: parseStationTime(facts.timestamp),
      receivedAt,
      evseId: connectorId,
      connectorId,
      token: tokenOf(idTag, undefined, verdict),
      reservationId: facts.reservationId,
      begin: facts.meterStart,
      readings: [],
    };
    const { state } = applyMessage(known.state, message, rules);
    const writes = [ledger.messageWrite(known.row, message, facts)];
    const connector = { sign: "started", receipt: facts } as const;
    const row = await ledger.save(known, state, { event: "transaction.started", connector }, writes);
    return { row, verdict, repeat: false };
  });
}
