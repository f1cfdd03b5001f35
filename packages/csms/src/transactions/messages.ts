import type { SampledSet } from "../ocpp/versions/sample.ts";
import type { TransactionRow } from "../store/tables/transactions.ts";
import type { TokenVerdict } from "../tokens/rules.ts";
import type { TransactionEventKind } from "./ledger.ts";
import { type TransactionLedger, tokenOf } from "./ledger.ts";
import type { TransactionEventFacts } from "./message-facts.ts";
import type { KnownTransaction } from "./repository/memory.ts";
import { applyMessage, hasSequenceNumber, stopsAuthorization, type TransactionMessage } from "./rules/apply-message.ts";
import { readingsOf, registerFor } from "./rules/energy-register.ts";
import { parseStationTime } from "./rules/station-time.ts";
import { saveEnd } from "./stops.ts";

/** A TransactionEvent that is written down. */
export interface RecordedMessage {
  readonly verdict?: TokenVerdict | undefined;
  readonly gap: boolean;
  /** The transaction, where it is known only now on which EVSE it is. */
  readonly placed?: TransactionRow | undefined;
}

const kinds: { readonly [type in TransactionEventFacts["type"]]: TransactionEventKind } = {
  Started: "transaction.started",
  Updated: "transaction.updated",
  Ended: "transaction.ended",
};

/** Whether this very message is stored already; its message id may be another. */
async function isRepeat(
  { queries }: TransactionLedger,
  known: KnownTransaction,
  facts: TransactionEventFacts,
): Promise<boolean> {
  // Numbers come twice for different messages, too, after a station has lost its power.
  return hasSequenceNumber(known.state, facts.seqNo) && (await queries.hasMessage(known.row.id, facts));
}

function extreme(
  sets: readonly SampledSet[],
  context: string,
  choose: (...registers: number[]) => number,
): number | undefined {
  const registers = sets.flatMap(({ samples }) => registerFor(samples, context) ?? []);
  return registers.length === 0 ? undefined : choose(...registers);
}

function messageOf(facts: TransactionEventFacts, verdict: TokenVerdict | undefined): TransactionMessage {
  const { idToken, meterValues, receivedAt } = facts;
  return {
    type: facts.type,
    seqNo: facts.seqNo,
    time: facts.timestamp,
    at: parseStationTime(facts.timestamp),
    receivedAt,
    trigger: facts.trigger,
    offline: facts.offline,
    evseId: facts.evseId,
    connectorId: facts.connectorId,
    // A token of this type identifies no driver (C02).
    token:
      idToken === undefined || verdict === undefined || idToken.type === "NoAuthorization"
        ? undefined
        : tokenOf(idToken.token, idToken.type, verdict),
    chargingState: facts.chargingState,
    stoppedReason: facts.stoppedReason,
    remoteStartId: facts.remoteStartId,
    reservationId: facts.reservationId,
    begin: extreme(meterValues, "Transaction.Begin", Math.min),
    end: extreme(meterValues, "Transaction.End", Math.max),
    readings: readingsOf(meterValues, receivedAt),
  };
}

async function save(
  ledger: TransactionLedger,
  known: KnownTransaction & { readonly isNew?: boolean },
  facts: TransactionEventFacts,
  verdict: TokenVerdict | undefined,
): Promise<{ readonly row: TransactionRow; readonly gap: boolean }> {
  const { stationId, receivedAt, type, trigger, seqNo } = facts;
  const message = messageOf(facts, verdict);
  const { state, gap } = applyMessage(known.state, message, ledger.rules);
  const context = {
    stationId,
    transaction: known.row.id,
    evseId: facts.evseId ?? state.evseId,
    connectorId: facts.connectorId ?? state.connectorId,
    receivedAt,
    source: "TransactionEvent",
  } as const;
  const writes = [
    ledger.messageWrite(known.row, message, facts),
    ...ledger.meterRows(facts.meterValues, context).map((row) => ledger.statements.meterValue(row)),
  ];
  const told = { type, trigger, seqNo, offline: facts.offline };
  if (type === "Ended") return { row: await saveEnd(ledger, known, state, facts, writes, told), gap };
  const event = known.state.complete ? "transaction.corrected" : kinds[type];
  return { row: await ledger.save(known, state, { event, message: told }, writes), gap };
}

/**
 * The token of the remote start that a message answers to, where nothing has reported whose the transaction is: a station need not
 * repeat the token that it was given (F01, F02).
 */
async function tokenOfRemoteStart(
  { remoteStarts }: TransactionLedger,
  { stationId, remoteStartId }: TransactionEventFacts,
): Promise<TransactionEventFacts["idToken"]> {
  if (remoteStartId === undefined) return undefined;
  const row = await remoteStarts.named(stationId, remoteStartId);
  return row === undefined ? undefined : { token: row.id_token, type: row.id_token_type ?? "Central" };
}

/** Records a TransactionEvent of 2.x; see `TransactionRecorder.event`. */
export async function recordMessage(ledger: TransactionLedger, facts: TransactionEventFacts): Promise<RecordedMessage> {
  const { stationId, transactionId, idToken, receivedAt, evseId, connectorId } = facts;
  const found = await ledger.memory.find(stationId, transactionId);
  const repeat = found !== undefined && (await isRepeat(ledger, found, facts));
  const known =
    found ??
    ledger.begin(
      { station_id: stationId, transaction_id: transactionId, number: null, protocol: facts.protocol },
      receivedAt,
    );

  const record = async (verdict: TokenVerdict | undefined, said = facts): Promise<RecordedMessage> => {
    const { row, gap } = await save(ledger, known, said, verdict);
    return { verdict, gap, placed: known.row.evse_id === 0 && row.evse_id !== 0 ? row : undefined };
  };

  if (idToken === undefined) {
    if (repeat) return { gap: false };
    const given = known.state.idToken === null ? await tokenOfRemoteStart(ledger, facts) : undefined;
    if (given === undefined) return record(undefined);
    const { token, type } = given;
    const verdict = await ledger.tokens.authorize({
      stationId,
      token,
      type,
      transaction: known.row.id,
      starting: false,
    });
    // The station has asked about no token, so it is answered about none.
    return { ...(await record(verdict, { ...facts, idToken: given })), verdict: undefined };
  }
  const { token, type } = idToken;
  const question = {
    stationId,
    token,
    type,
    // 0 where no message has reported it yet.
    evseId: evseId ?? (known.state.evseId === 0 ? undefined : known.state.evseId),
    connectorId: connectorId ?? (known.state.connectorId === 0 ? undefined : known.state.connectorId),
    transaction: known.row.id,
  };
  const starting = !stopsAuthorization(facts);
  if (repeat) return { verdict: await ledger.tokens.authorize({ ...question, starting }), gap: false };
  if (!starting) return record(await ledger.tokens.authorize({ ...question, starting: false }));
  return ledger.tokens.start(question, (verdict) => record(verdict));
}
