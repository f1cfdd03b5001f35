import { contradictsTransaction } from "../../connectors/rules.ts";
import { factsOf } from "../../ocpp/versions/versions.ts";
import type { Services } from "../../services.ts";
import { type AutomaticRequester, createAutomationGate } from "../../stations/automation.ts";
import type { TransactionRow } from "../../store/tables/transactions.ts";
import type { TransactionDenial } from "./denial.ts";

/** A status of a connector, as far as it says something about transactions. */
export interface WatchedStatus {
  readonly stationId: string;
  readonly protocol: string;
  readonly evseId: number;
  readonly status: string;
}

/**
 * Ends transactions that a station has lost. Where it reports a connector Available or Faulted although a transaction runs
 * there, it is asked, and if nothing else comes within the grace, the transaction is closed with PowerLoss, provisionally.
 * A doubtful one of 1.6 is closed where a later one of its connector has sent meter values twice and it has sent none
 * since it became doubtful: both are sampled at the same interval, so it would have sent some in between. Does nothing
 * where `automation.lostTransactions` is off.
 */
export interface LostTransactions {
  /** Looks at a status, after it was answered; resolves when it has been looked at, and not only when the grace is over. */
  look(status: WatchedStatus): Promise<void>;
  /** A station of 1.6 has sent meter values of a transaction that were not asked for. */
  metered(stationId: string, transactionId: string, connectorId: number): void;
  /** The station has sent something about a transaction, so it has not lost it. */
  heard(stationId: string, transactionId: string): void;
  /** Waits for nothing any more. */
  close(): void;
}

/** The services that this needs. */
export type LostTransactionServices = Pick<
  Services,
  "clock" | "configuration" | "log" | "operations" | "stations" | "systemLog" | "transactions"
>;

interface Suspicion {
  readonly row: TransactionRow;
  readonly timer: unknown;
}

/** A look at a free connector whose transactions are being read. */
interface Look {
  readonly stationId: string;
  readonly evseId: number;
  /** Whether the connector has got another status since. */
  outdated: boolean;
  /** The transactions of which something has come since. */
  readonly heard: Set<string>;
}

const by: AutomaticRequester = { by: "gateway", automation: "lostTransactions" };

/** Makes the watch; `grace` in milliseconds. */
export function createLostTransactions(
  services: LostTransactionServices,
  denial: TransactionDenial,
  grace: number,
): LostTransactions {
  const { clock, configuration, log, operations, stations, systemLog, transactions } = services;
  const automation = createAutomationGate(configuration);
  const isOff = (stationId: string): boolean => !automation.allows(stations.live(stationId), by.automation);
  /** Which later ones were heard while a doubtful transaction was not, by its id, and when that was kept last. */
  const unheard = new Map<number, { readonly later: Set<string>; readonly updatedAt: number }>();
  const suspicions = new Map<string, Suspicion>();
  /** Looks that still read which transactions are open; what comes meanwhile counts for them. */
  const looking = new Set<Look>();
  let closed = false;

  const keyOf = (stationId: string, transactionId: string): string => `${stationId}\n${transactionId}`;

  const trust = (key: string): void => {
    const suspicion = suspicions.get(key);
    clock.clearTimer(suspicion?.timer);
    if (suspicion !== undefined) unheard.delete(suspicion.row.id);
    suspicions.delete(key);
  };

  const judge = async (key: string, protocol: string): Promise<void> => {
    const suspicion = suspicions.get(key);
    suspicions.delete(key);
    if (suspicion === undefined) return;
    const { id, station_id, transaction_id } = suspicion.row;
    try {
      const row = await transactions.get(id);
      if (row === undefined || row.complete === 1) return;
      if (factsOf(protocol).answersTransactionStatus && !(await denial.denies(row, by))) return;
      await transactions.close(id, { reason: "PowerLoss" });
      systemLog.write(
        "WARNING",
        "System",
        `Transaction ${transaction_id} was closed: its connector is free`,
        station_id,
      );
    } catch (error) {
      log.debug({ stationId: station_id, error }, "A transaction that may be lost stays open");
    }
  };

  /** Asks for the newest meter values, which may be all that is left of the transaction. */
  const askForValues = async ({ stationId, evseId }: WatchedStatus): Promise<void> => {
    try {
      await operations.triggerMessage(stationId, "MeterValues", by, { evseId, connectorId: evseId });
    } catch (error) {
      log.debug({ stationId, error }, "A station gave no meter values of a transaction that may be lost");
    }
  };

  /** Closes a doubtful transaction unless something of it comes within the grace. */
  const closeUnheard = (row: TransactionRow): void => {
    const key = keyOf(row.station_id, row.transaction_id);
    if (closed || suspicions.has(key)) return;
    const timer = clock.setTimer(() => {
      suspicions.delete(key);
      unheard.delete(row.id);
      denial
        .close(row, "another one on its connector sends meter values, and it has sent none")
        .catch((error: unknown) => {
          log.debug({ stationId: row.station_id, error }, "A transaction that may be lost stays open");
        });
    }, grace);
    suspicions.set(key, { row, timer });
  };

  return {
    metered: (stationId, transactionId, connectorId) => {
      const doubtful = transactions.doubtful(stationId);
      if (doubtful.length === 0 || isOff(stationId)) return;
      for (const row of doubtful) {
        // The numbers of 1.6 are given out by us, in the order of the starts.
        if (row.number === null || row.evse_id !== connectorId || Number(transactionId) <= row.number) continue;
        const since = unheard.get(row.id);
        if (since?.updatedAt !== row.updated_at) {
          unheard.set(row.id, { later: new Set([transactionId]), updatedAt: row.updated_at });
        } else if (since.later.has(transactionId)) closeUnheard(row);
        else since.later.add(transactionId);
      }
    },
    look: async (status) => {
      const { stationId, protocol, evseId } = status;
      if (evseId === 0 || isOff(stationId)) return;
      for (const look of looking) if (look.stationId === stationId && look.evseId === evseId) look.outdated = true;
      if (!contradictsTransaction(status.status)) {
        for (const [key, { row }] of suspicions) if (row.station_id === stationId && row.evse_id === evseId) trust(key);
        return;
      }
      const look: Look = { stationId, evseId, outdated: false, heard: new Set() };
      looking.add(look);
      const open = await transactions.open(stationId, evseId).finally(() => looking.delete(look));
      if (look.outdated) return;
      // Where no car is connected but the transaction goes on, 2.x says so (E10.FR.01, parking bays).
      const { reportsChargingState, answersTransactionStatus } = factsOf(protocol);
      const suspects = open.filter(
        (row) =>
          !look.heard.has(row.transaction_id) && (!reportsChargingState || (row.charging_state ?? "Idle") !== "Idle"),
      );
      for (const row of suspects) {
        const key = keyOf(stationId, row.transaction_id);
        if (closed || suspicions.has(key)) continue;
        const timer = clock.setTimer(() => {
          void judge(key, protocol);
        }, grace);
        suspicions.set(key, { row, timer });
      }
      if (suspects.length > 0 && !answersTransactionStatus) void askForValues(status);
    },
    heard: (stationId, transactionId) => {
      for (const look of looking) if (look.stationId === stationId) look.heard.add(transactionId);
      if (suspicions.size > 0) trust(keyOf(stationId, transactionId));
    },
    close: () => {
      closed = true;
      unheard.clear();
      for (const key of Array.from(suspicions.keys())) trust(key);
    },
  };
}
