import type { Store, WriteQuery } from "../../store/store.ts";
import type { ConnectorRow } from "../../store/tables/connectors.ts";
import type { MeterValueRow, TransactionRow } from "../../store/tables/transactions.ts";
import { sameId } from "../../tokens/rules.ts";
import type { StartFacts, TransactionEventFacts } from "../message-facts.ts";
import { parseStationTime } from "../rules/station-time.ts";

/** An open transaction with what is known of when its station was there. */
export type OpenTransaction = Pick<TransactionRow, "id" | "station_id" | "transaction_id" | "updated_at"> & {
  readonly last_seen_at: number | null;
  readonly last_heartbeat_at: number | null;
  readonly disconnected_at: number | null;
};

/** What is asked of transactions and what belongs to them; lists of REST aside. */
export interface TransactionQueries {
  readonly get: (id: number) => Promise<TransactionRow | undefined>;
  /** See `TransactionRecorder.find`. */
  readonly find: (transactionId: string, stationId?: string) => Promise<TransactionRow | undefined>;
  /** The transactions of a station that have not ended, the newest first; of one EVSE where it is given. */
  readonly open: (stationId: string, evseId?: number) => Promise<TransactionRow[]>;
  /** Open transactions of all stations with an id above `after`, by their ids. */
  readonly openAfter: (after: number, limit: number) => Promise<TransactionRow[]>;
  /** All open transactions, with what their stations were last heard of. */
  readonly openWithStations: () => Promise<OpenTransaction[]>;
  /** The places of all open transactions, each once. */
  readonly openPlaces: () => Promise<Pick<TransactionRow, "station_id" | "evse_id" | "connector_id">[]>;
  /** The open transactions that a later one has followed on their EVSE, the newest first. */
  readonly openDoubtful: () => Promise<TransactionRow[]>;
  /** The connectors that charge and have no open transaction. */
  readonly chargingWithoutTransaction: () => Promise<ConnectorRow[]>;
  /** The transaction that the same StartTransaction has made already; its message id may be another. */
  readonly startedBy: (facts: StartFacts) => Promise<TransactionRow | undefined>;
  /** Whether this very message of a transaction is recorded already; its message id may be another. */
  readonly hasMessage: (
    transaction: number,
    facts: Pick<TransactionEventFacts, "seqNo" | "type" | "timestamp">,
  ) => Promise<boolean>;
  /** Whether these very values are recorded already. */
  readonly hasMeterValue: (row: MeterValueRow) => Promise<boolean>;
  /** Whether this very stop is recorded already as one that ended nothing. */
  readonly hasFailedStop: (stationId: string, transactionId: string, payload: string) => Promise<boolean>;
  /** The newest sampled values of a transaction, as JSON text. */
  readonly newestSamples: (row: Pick<TransactionRow, "id" | "station_id">, limit: number) => Promise<string[]>;
  /** What marks transactions as doubtful since a time. */
  readonly doubtfulMark: (ids: readonly number[], since: number) => WriteQuery;
}

/** The number of 1.6 that a text may be; undefined where it can be none. */
function numberIn(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= 0x7fff_ffff ? Number(text) : undefined;
}

/** Makes the queries. */
export function transactionQueries({ reader }: Pick<Store, "reader">): TransactionQueries {
  const transactions = reader.selectFrom("transactions").selectAll();
  const open = transactions.where("complete", "=", 0);

  return {
    get: (id) => transactions.where("id", "=", id).executeTakeFirst(),
    find: async (transactionId, stationId) => {
      const query = stationId === undefined ? transactions : transactions.where("station_id", "=", stationId);
      const number = numberIn(transactionId);
      const numbered = number === undefined ? undefined : await query.where("number", "=", number).executeTakeFirst();
      if (numbered !== undefined) return numbered;
      return query.where("transaction_id", "=", transactionId).orderBy("id", "desc").limit(1).executeTakeFirst();
    },
    open: (stationId, evseId) => {
      const query = open.where("station_id", "=", stationId).orderBy("id", "desc");
      return (evseId === undefined ? query : query.where("evse_id", "=", evseId)).execute();
    },
    openAfter: (after, limit) => open.where("id", ">", after).orderBy("id").limit(limit).execute(),
    openWithStations: () =>
      reader
        .selectFrom("transactions")
        .leftJoin("stations", "stations.id", "transactions.station_id")
        .select([
          "transactions.id",
          "transactions.station_id",
          "transactions.transaction_id",
          "transactions.updated_at",
          "stations.last_seen_at",
          "stations.last_heartbeat_at",
          "stations.disconnected_at",
        ])
        .where("transactions.complete", "=", 0)
        .execute(),
    openPlaces: () =>
      reader
        .selectFrom("transactions")
        .select(["station_id", "evse_id", "connector_id"])
        .where("complete", "=", 0)
        .distinct()
        .execute(),
    openDoubtful: () => open.where("doubtful_since", "is not", null).orderBy("id", "desc").execute(),
    chargingWithoutTransaction: () =>
      reader
        .selectFrom("connectors")
        .selectAll()
        .where("status", "=", "Charging")
        .where((connector) =>
          connector.not(
            connector.exists(
              connector
                .selectFrom("transactions")
                .select("transactions.id")
                .whereRef("transactions.station_id", "=", "connectors.station_id")
                .where("transactions.complete", "=", 0)
                // A station that has not said yet where it charges may mean any EVSE.
                .where((transaction) =>
                  transaction.or([
                    transaction("transactions.evse_id", "=", transaction.ref("connectors.evse_id")),
                    transaction("transactions.evse_id", "=", 0),
                  ]),
                ),
            ),
          ),
        )
        .execute(),
    startedBy: async ({ stationId, connectorId, idTag, meterStart, timestamp }) => {
      const at = parseStationTime(timestamp);
      const query = transactions
        .where("station_id", "=", stationId)
        .where("start_time", "=", timestamp)
        .where("connector_id", "=", connectorId)
        .where("meter_start", "=", meterStart)
        .where("number", "is not", null)
        .orderBy("id");
      const rows = await (at === undefined ? query : query.where("started_at", "=", at)).execute();
      return rows.find((row) => sameId(row.id_token, idTag));
    },
    hasMessage: async (transaction, { seqNo, type, timestamp }) => {
      const row = await reader
        .selectFrom("transaction_events")
        .select("id")
        .where("transaction", "=", transaction)
        .where("seq_no", "=", seqNo)
        .where("type", "=", type)
        .where("event_time", "=", timestamp)
        .executeTakeFirst();
      return row !== undefined;
    },
    hasMeterValue: async ({ transaction, station_id, measured_at, digest }) => {
      const row = await reader
        .selectFrom("meter_values")
        .select("id")
        .where("transaction", "=", transaction)
        .where("station_id", "=", station_id)
        .where("measured_at", "=", measured_at)
        .where("digest", "=", digest)
        .executeTakeFirst();
      return row !== undefined;
    },
    hasFailedStop: async (stationId, transactionId, payload) => {
      const row = await reader
        .selectFrom("failed_stops")
        .select("id")
        .where("station_id", "=", stationId)
        .where("transaction_id", "=", transactionId)
        .where("payload", "=", payload)
        .executeTakeFirst();
      return row !== undefined;
    },
    newestSamples: async ({ id, station_id }, limit) => {
      const rows = await reader
        .selectFrom("meter_values")
        .select("sampled")
        .where("transaction", "=", id)
        .where("station_id", "=", station_id)
        .orderBy("measured_at", "desc")
        .limit(limit)
        .execute();
      return rows.map(({ sampled }) => sampled);
    },
    doubtfulMark: (ids, since) =>
      reader.updateTable("transactions").set({ doubtful_since: since }).where("id", "in", ids),
  };
}
