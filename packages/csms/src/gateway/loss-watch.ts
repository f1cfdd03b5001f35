import type { Services } from "../services/services.ts";
import type { TransactionRow } from "../store/tables.ts";

/** A status of a connector, as far as it says something about transactions. */
export interface WatchedStatus {
  readonly stationId: string;
  readonly protocol: string;
  readonly evseId: number;
  readonly status: string;
}

/**
 * Ends transactions that a station has lost: where it reports a connector Available or Faulted although a transaction runs
 * there, it is asked, and if nothing else comes within the grace, the transaction is closed with PowerLoss, provisionally.
 */
export interface LossWatch {
  /** Looks at a status, after it was answered; resolves when it has been looked at, and not only when the grace is over. */
  look(status: WatchedStatus): Promise<void>;
  /** The station has sent something about a transaction, so it has not lost it. */
  heard(stationId: string, transactionId: string): void;
  /** Waits for nothing any more. */
  close(): void;
}

/** The services that this needs. */
export type LossWatchServices = Pick<Services, "clock" | "log" | "operations" | "systemLog" | "transactions">;

interface Suspicion {
  readonly row: TransactionRow;
  readonly timer: unknown;
}

const by = "gateway";

/** Makes the watch; `grace` in milliseconds. */
export function createLossWatch(services: LossWatchServices, grace: number): LossWatch {
  const { clock, log, operations, systemLog, transactions } = services;
  const suspicions = new Map<string, Suspicion>();
  let closed = false;

  const keyOf = (stationId: string, transactionId: string): string => `${stationId}\n${transactionId}`;

  const trust = (key: string): void => {
    clock.clearTimer(suspicions.get(key)?.timer);
    suspicions.delete(key);
  };

  /** Asks a station of 2.x; whether it says that the transaction is over and nothing of it waits to be sent (E14). */
  const isLost = async ({ station_id, transaction_id }: TransactionRow): Promise<boolean> => {
    const { response } = await operations.transactionStatus(station_id, transaction_id, by);
    const { ongoingIndicator, messagesInQueue } = response as { ongoingIndicator?: boolean; messagesInQueue: boolean };
    return ongoingIndicator === false && !messagesInQueue;
  };

  const judge = async (key: string, protocol: string): Promise<void> => {
    const suspicion = suspicions.get(key);
    suspicions.delete(key);
    if (suspicion === undefined) return;
    const { id, station_id, transaction_id } = suspicion.row;
    try {
      const row = await transactions.get(id);
      if (row === undefined || row.complete === 1) return;
      if (protocol !== "ocpp1.6" && !(await isLost(row))) return;
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

  return {
    look: async (status) => {
      const { stationId, protocol, evseId } = status;
      if (evseId === 0) return;
      if (status.status !== "Available" && status.status !== "Faulted") {
        for (const [key, { row }] of suspicions) if (row.station_id === stationId && row.evse_id === evseId) trust(key);
        return;
      }
      const open = await transactions.open(stationId, evseId);
      // Where no car is connected but the transaction goes on, 2.x says so (E10.FR.01, parking bays).
      const suspects = open.filter((row) => protocol === "ocpp1.6" || (row.charging_state ?? "Idle") !== "Idle");
      for (const row of suspects) {
        const key = keyOf(stationId, row.transaction_id);
        if (closed || suspicions.has(key)) continue;
        const timer = clock.setTimer(() => {
          void judge(key, protocol);
        }, grace);
        suspicions.set(key, { row, timer });
      }
      if (suspects.length > 0 && protocol === "ocpp1.6") void askForValues(status);
    },
    heard: (stationId, transactionId) => {
      if (suspicions.size > 0) trust(keyOf(stationId, transactionId));
    },
    close: () => {
      closed = true;
      for (const key of Array.from(suspicions.keys())) trust(key);
    },
  };
}
