import type { ConnectorRecorder, Receipt } from "../connectors/recorder.ts";
import type { NewEvent } from "../events/events.ts";
import type { EventData } from "../events/kinds.ts";
import type { Infrastructure } from "../infrastructure.ts";
import type { SystemLog } from "../observability/system-log.ts";
import type { SampledSet } from "../ocpp/versions/sample.ts";
import { createKeyedQueue } from "../shared/keyed-queue.ts";
import type { Write, WriteQuery } from "../store/store.ts";
import type { MeterValueRow, TransactionRow } from "../store/tables/transactions.ts";
import { probeWrite } from "../store/writability.ts";
import type { TokenRegistry } from "../tokens/registry.ts";
import type { AuthorizationStatus, TokenVerdict } from "../tokens/rules.ts";
import { type ConnectorSign, createTransactionConnector } from "./connector.ts";
import { transactionFacts } from "./facts.ts";
import type { MessageFacts } from "./message-facts.ts";
import { type MeterContext, meterRow } from "./meter-rows.ts";
import { createTransactionMemory, type KnownTransaction, type TransactionMemory } from "./repository/memory.ts";
import { type TransactionQueries, transactionQueries } from "./repository/queries.ts";
import type { RemoteStarts } from "./repository/remote-starts.ts";
import { rowOf, type TransactionIdentity } from "./repository/row.ts";
import { type TransactionStatements, transactionStatements } from "./repository/statements.ts";
import type { TransactionMessage, TransactionRules } from "./rules/apply-message.ts";
import { newTransaction, type TransactionState } from "./rules/state.ts";

/** The services that recording transactions needs. */
export interface LedgerServices {
  readonly tokens: TokenRegistry;
  readonly connectors: ConnectorRecorder;
  readonly remoteStarts: RemoteStarts;
  readonly systemLog: SystemLog;
}

/** What the parts of the recorder share: reading, keeping and remembering transactions. */
export interface TransactionLedger extends Infrastructure, LedgerServices {
  readonly memory: TransactionMemory;
  readonly statements: TransactionStatements;
  readonly queries: TransactionQueries;
  readonly rules: TransactionRules;
  /**
   * Runs work for a station once all that was asked for before has ended. After a commit that failed it lets another one
   * succeed first, so that reads that look for repeats see the final outcome (see `Store.write`); rejects where that fails.
   */
  readonly inTurn: <T>(stationId: string, work: () => Promise<T>) => Promise<T>;
  /** A transaction that is not stored yet. */
  begin(identity: Omit<TransactionIdentity, "id">, receivedAt: number): KnownTransaction & { readonly isNew: true };
  /**
   * Persists a changed transaction with other writes and an event of it, and remembers it. Where that fails, the station is
   * forgotten, since it is not known what the store has of it.
   */
  save(
    known: KnownTransaction & { readonly isNew?: boolean },
    state: TransactionState,
    happened: TransactionHappening,
    writes?: readonly (Write | WriteQuery)[],
  ): Promise<TransactionRow>;
  /** Persists writes and events of a station that change no transaction. */
  commit(stationId: string, writes: readonly (Write | WriteQuery)[], events: readonly NewEvent[]): Promise<void>;
  /** The rows of sampled values. */
  meterRows(sets: readonly SampledSet[], context: MeterContext): MeterValueRow[];
  /** The write that records a message of a transaction. */
  messageWrite(row: Pick<TransactionRow, "id">, message: TransactionMessage, facts: MessageFacts): Write;
}

/** The kinds of events that report a transaction as a whole. */
export type TransactionEventKind =
  | "transaction.started"
  | "transaction.updated"
  | "transaction.ended"
  | "transaction.corrected";

/** What the event of a change carries of the message of 2.x behind it. */
export type TransactionMessageFacts = Pick<EventData<"transaction.updated">, "type" | "trigger" | "seqNo" | "offline">;

/** What the event of a change says. */
export interface TransactionHappening {
  /** What happened to the transaction, or the meter values that the event carries in its place, since they come often. */
  readonly event: TransactionEventKind | EventData<"meter.values">;
  /** The message of 2.x behind it. */
  readonly message?: TransactionMessageFacts | undefined;
  /** Whether nothing but readings of its register has changed. */
  readonly metered?: boolean | undefined;
  /** What it says of the connector, which is kept with it. */
  readonly connector?: { readonly sign: ConnectorSign; readonly receipt: Receipt } | undefined;
}

/** The token of a message, with what it is worth. */
export function tokenOf(
  id: string,
  type: string | undefined,
  verdict: TokenVerdict,
): NonNullable<TransactionMessage["token"]> {
  const status: AuthorizationStatus = verdict.status;
  return { id, type: type ?? null, groupId: verdict.groupId ?? null, status };
}

/** Makes the ledger. */
export function createTransactionLedger(infrastructure: Infrastructure, services: LedgerServices): TransactionLedger {
  const { store, events, clock, configuration } = infrastructure;
  const futureTolerance = configuration.transactions.futureTolerance * 1000;
  const conclude = createTransactionConnector(services.connectors, futureTolerance);
  const memory = createTransactionMemory(store);
  const statements = transactionStatements(store);
  const queries = transactionQueries(store);
  const queue = createKeyedQueue();
  /** Stations whose last commit failed, and may still be persisted. */
  const uncertain = new Set<string>();

  const commit: TransactionLedger["commit"] = async (stationId, writes, happened) => {
    try {
      await events.commit(writes, happened);
    } catch (error) {
      memory.forget(stationId);
      uncertain.add(stationId);
      throw error;
    }
  };

  return {
    ...infrastructure,
    ...services,
    memory,
    statements,
    queries,
    rules: {
      futureTolerance,
      masterPassGroupId: configuration.tokens.masterPassGroupId,
    },
    inTurn: (stationId, work) =>
      queue.run(stationId, async () => {
        if (uncertain.has(stationId)) {
          await store.write(probeWrite);
          uncertain.delete(stationId);
        }
        return work();
      }),
    begin: (identity, receivedAt) => {
      const state = newTransaction(receivedAt);
      return { row: rowOf({ ...identity, id: store.nextId() }, state, receivedAt), state, isNew: true };
    },
    commit,
    save: async (known, state, { event, message, metered = false, connector }, writes = []) => {
      const row = rowOf(known.row, state, clock.now());
      const change = metered ? statements.updateRegister : statements.update;
      const write = known.isNew === true ? statements.insert(row) : change(row);
      const stationId = row.station_id;
      const told: NewEvent =
        typeof event === "string"
          ? { stationId, kind: event, data: { ...transactionFacts(row), ...message } }
          : { stationId, kind: "meter.values", data: event };
      const concluded = connector && (await conclude(row, connector.sign, connector.receipt));
      await commit(stationId, [write, ...writes, ...(concluded?.writes ?? [])], [told, ...(concluded?.events ?? [])]);
      memory.keep({ row, state });
      return row;
    },
    meterRows: (sets, context) => sets.map((set) => meterRow(store.nextId(), set, context)),
    messageWrite: (row, message, facts) =>
      statements.message({
        id: store.nextId(),
        transaction: row.id,
        station_id: facts.stationId,
        type: message.type,
        // 1.6 numbers nothing; its two messages are the first and the second.
        seq_no: message.seqNo ?? (message.type === "Started" ? 0 : 1),
        trigger: message.trigger ?? null,
        event_time: message.time,
        offline: message.offline === true ? 1 : 0,
        message_id: facts.messageId,
        payload: facts.payload,
        received_at: facts.receivedAt,
      }),
  };
}
