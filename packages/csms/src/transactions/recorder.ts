import type { Infrastructure } from "../infrastructure.ts";
import { ConflictError, NotFoundError } from "../shared/service-error.ts";
import { storableFacts } from "../shared/storable-text.ts";
import type { TransactionRow } from "../store/tables/transactions.ts";
import type { TokenVerdict } from "../tokens/rules.ts";
import { markDoubtful } from "./doubts.ts";
import { createTransactionLedger, type LedgerServices } from "./ledger.ts";
import type { MeterFacts, StartFacts, StopFacts, TransactionEventFacts } from "./message-facts.ts";
import { recordMessage } from "./messages.ts";
import { backUpMeters } from "./meter-backup.ts";
import { recordMeterValues } from "./meters.ts";
import type { KnownTransaction } from "./repository/memory.ts";
import { closeProvisionally, requestStop } from "./rules/apply-message.ts";
import { recordStart } from "./starts.ts";
import { recordStop } from "./stops.ts";

/** Writes down transactions. Everything is durable when a method resolves, so that it can be answered. */
export interface TransactionRecorder {
  /** Records a start; a repeat of one gets the same number. The transaction is recorded whatever the token is worth. */
  start(facts: StartFacts): Promise<{
    readonly transactionId: number;
    readonly verdict: TokenVerdict;
    /** Open transactions on the connector that may be over, since another started after them; known as such only now. */
    readonly doubtful: readonly TransactionRow[];
  }>;
  /** Records a stop; one of an unknown transaction, or of -1, is recorded and answered like any other (1.6 errata 3.18). */
  stop(facts: StopFacts): Promise<{ readonly verdict?: TokenVerdict | undefined }>;
  /** Records a TransactionEvent, in whatever order they come. */
  event(facts: TransactionEventFacts): Promise<{
    readonly verdict?: TokenVerdict | undefined;
    /** Whether a message is missing before this one, so that the station is to be asked (GetTransactionStatus, E14). */
    readonly gap: boolean;
    /** As of `start`. */
    readonly doubtful: readonly TransactionRow[];
  }>;
  meterValues(facts: MeterFacts): Promise<void>;
  /**
   * The open transactions of a station of which it is doubtful whether they still run, as far as its messages have brought them
   * to memory.
   */
  doubtful(stationId: string): readonly TransactionRow[];
  /** The transactions of a station that have not ended, the newest first; of one EVSE where it is given. */
  open(stationId: string, evseId?: number): Promise<TransactionRow[]>;
  get(id: number): Promise<TransactionRow | undefined>;
  /**
   * The transaction by the number of 1.6 as text, or else by the station's name for it; the newest where several stations have
   * that.
   */
  find(transactionId: string, stationId?: string): Promise<TransactionRow | undefined>;
  /**
   * Ends a transaction without the station, provisionally: what the station still reports replaces it. `finalRegister`
   * in Wh; the newest known register where it is left out. Rejects with a ConflictError where it has ended.
   */
  close(
    id: number,
    options: { readonly reason: string; readonly finalRegister?: number | undefined; readonly at?: number | undefined },
  ): Promise<TransactionRow>;
  /** Notes the reason for which an operator asked for the end, such as `Remote`. */
  noteRequestedStop(id: number, reason: string): Promise<void>;
  /**
   * Stores the newest register of each open transaction as a meter value of its own, with the source Backup, for the day when
   * the rest is gone; a value that was stored so before is not stored again. Resolves with how many were added.
   */
  backUp(): Promise<number>;
  /** Forgets what is remembered of a station, when its connection is gone. */
  forget(stationId: string): void;
}

/**
 * Makes the recorder. What is done for one station is done one after another, so that messages of a station are kept in
 * the order of the calls; open transactions are remembered, so that what happens often needs no read.
 */
export function createTransactionRecorder(
  infrastructure: Infrastructure,
  services: LedgerServices,
): TransactionRecorder {
  const { clock } = infrastructure;
  const ledger = createTransactionLedger(infrastructure, services);
  const { inTurn, memory, queries, systemLog } = ledger;

  /** Does something with a transaction in the turn of its station. */
  const withTransaction = async <T>(id: number, work: (known: KnownTransaction) => Promise<T>): Promise<T> => {
    const row = await queries.get(id);
    if (row === undefined) throw new NotFoundError(`There is no transaction ${id}`);
    return inTurn(row.station_id, async () => {
      const known = await memory.find(row.station_id, row.transaction_id);
      if (known === undefined) throw new NotFoundError(`There is no transaction ${id}`);
      return work(known);
    });
  };

  return {
    start: (said) =>
      inTurn(said.stationId, async () => {
        const facts = storableFacts(said);
        const { row, verdict, repeat } = await recordStart(ledger, facts);
        const doubtful = repeat ? [] : await markDoubtful(ledger, row);
        if (!repeat) {
          systemLog.write("INFO", "ChargePoint", `Transaction ${row.transaction_id} has started`, facts.stationId);
        }
        return { transactionId: Number(row.transaction_id), verdict, doubtful };
      }),
    stop: (said) =>
      inTurn(said.stationId, async () => {
        const facts = storableFacts(said);
        const { row, verdict } = await recordStop(ledger, facts);
        if (row !== undefined) {
          systemLog.write("INFO", "ChargePoint", `Transaction ${row.transaction_id} has ended`, facts.stationId);
        }
        return { verdict };
      }),
    event: (facts) =>
      inTurn(facts.stationId, async () => {
        const idToken = facts.idToken && storableFacts(facts.idToken);
        const { verdict, gap, placed } = await recordMessage(ledger, { ...storableFacts(facts), idToken });
        return { verdict, gap, doubtful: placed === undefined ? [] : await markDoubtful(ledger, placed) };
      }),
    meterValues: (facts) => inTurn(facts.stationId, () => recordMeterValues(ledger, facts)),
    doubtful: (stationId) => {
      const { open } = memory.peek(stationId) ?? {};
      if (open === undefined || open.size < 2) return [];
      return Array.from(open.values(), ({ row }) => row).filter((row) => row.doubtful_since !== null);
    },
    open: queries.open,
    get: queries.get,
    find: queries.find,
    close: (id, { reason, finalRegister, at }) =>
      withTransaction(id, async (known) => {
        if (known.state.complete) throw new ConflictError(`Transaction ${known.row.transaction_id} has ended already`);
        const now = clock.now();
        const end = { at: at ?? now, receivedAt: now, reason, register: finalRegister };
        return ledger.save(known, closeProvisionally(known.state, end), {
          event: "transaction.ended",
          connector: { sign: "closed", receipt: { receivedAt: now } },
        });
      }),
    noteRequestedStop: (id, reason) =>
      withTransaction(id, async (known) => {
        await ledger.save(known, requestStop(known.state, reason), { event: "transaction.updated" });
      }),
    forget: (stationId) => {
      memory.forget(stationId);
    },
    backUp: () => backUpMeters(infrastructure),
  };
}
