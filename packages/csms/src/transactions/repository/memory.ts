import { factsOf } from "../../ocpp/versions/versions.ts";
import type { Store } from "../../store/store.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import { type SequenceNumbers, withNumber } from "../rules/sequence-numbers.ts";
import type { TransactionState } from "../rules/state.ts";
import { parseStationTime } from "../rules/station-time.ts";
import { stateOf, type TransactionTraces } from "./row.ts";

/** A transaction as it is stored. */
export interface KnownTransaction {
  readonly row: TransactionRow;
  readonly state: TransactionState;
}

/** What is remembered of one station: its open transactions, and what it metered last. */
export interface StationMemory {
  readonly open: Map<string, KnownTransaction>;
  /** The digest of its newest MeterValues; undefined where none came since it is remembered. */
  lastMeterDigest: number | undefined;
}

/** Remembers the open transactions of stations, so that what happens often needs no read. */
export interface TransactionMemory {
  /** What is remembered of a station; reads its open transactions where it is not remembered yet. */
  of(stationId: string): Promise<StationMemory>;
  /** What is remembered of a station; undefined where it is not remembered yet. */
  peek(stationId: string): StationMemory | undefined;
  /** A transaction of a station by its name, from memory or the store. */
  find(stationId: string, transactionId: string): Promise<KnownTransaction | undefined>;
  /** Remembers how a transaction is kept from now on; one that has ended is forgotten. */
  keep(known: KnownTransaction): void;
  forget(stationId: string): void;
}

/** Makes an empty memory. Its caller uses it for one station one thing at a time. */
export function createTransactionMemory(store: Store): TransactionMemory {
  const stations = new Map<string, StationMemory>();
  const { reader } = store;

  const tracesOf = async (row: TransactionRow): Promise<TransactionTraces> => {
    const registers = await reader
      .selectFrom("meter_values")
      .select(({ fn }) => [fn.min("register").as("lowest"), fn.max("register").as("highest")])
      .where("transaction", "=", row.id)
      .executeTakeFirst();
    let numbers: SequenceNumbers = [];
    let newestAt: number | null = null;
    if (!factsOf(row.protocol).numbersTransactions) {
      const messages = await reader
        .selectFrom("transaction_events")
        .select(["seq_no", "event_time", "received_at"])
        .where("transaction", "=", row.id)
        .orderBy("seq_no")
        .execute();
      for (const message of messages) {
        numbers = withNumber(numbers, message.seq_no);
        const at = parseStationTime(message.event_time) ?? message.received_at;
        if (newestAt === null || at > newestAt) newestAt = at;
      }
    }
    return { numbers, newestAt, lowest: registers?.lowest ?? null, highest: registers?.highest ?? null };
  };

  const known = async (row: TransactionRow): Promise<KnownTransaction> => ({
    row,
    state: stateOf(row, await tracesOf(row)),
  });

  const of = async (stationId: string): Promise<StationMemory> => {
    const remembered = stations.get(stationId);
    if (remembered !== undefined) return remembered;
    const rows = await reader
      .selectFrom("transactions")
      .selectAll()
      .where("station_id", "=", stationId)
      .where("complete", "=", 0)
      .orderBy("id")
      .execute();
    const memory: StationMemory = { open: new Map(), lastMeterDigest: undefined };
    for (const row of rows) memory.open.set(row.transaction_id, await known(row));
    stations.set(stationId, memory);
    return memory;
  };

  return {
    of,
    peek: (stationId) => stations.get(stationId),
    find: async (stationId, transactionId) => {
      const remembered = (await of(stationId)).open.get(transactionId);
      if (remembered !== undefined) return remembered;
      const row = await reader
        .selectFrom("transactions")
        .selectAll()
        .where("station_id", "=", stationId)
        .where("transaction_id", "=", transactionId)
        .executeTakeFirst();
      return row === undefined ? undefined : known(row);
    },
    keep: (transaction) => {
      const { station_id: stationId, transaction_id: transactionId, complete } = transaction.row;
      const memory = stations.get(stationId);
      if (complete === 1) memory?.open.delete(transactionId);
      else memory?.open.set(transactionId, transaction);
    },
    forget: (stationId) => {
      stations.delete(stationId);
    },
  };
}
