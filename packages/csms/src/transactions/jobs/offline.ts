import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import type { LogRow } from "../../store/tables/observability.ts";
import { transactionQueries } from "../repository/queries.ts";

interface Threshold {
  /** Milliseconds since the station was last heard. */
  readonly after: number;
  readonly level: LogRow["level"];
  readonly text: (transactionId: string) => string;
}

const hour = 3_600_000;

/** The longest first: only the greatest that is passed is reported. */
const thresholds: readonly Threshold[] = [
  {
    after: 24 * hour,
    level: "NOTICE",
    text: (id) =>
      `Transaction ${id} is open and the station has been offline for more than 24 hours: close it administratively if it has ended`,
  },
  {
    after: hour,
    level: "WARNING",
    text: (id) => `Transaction ${id} is open and the station has been offline for more than an hour`,
  },
];

/** An open transaction of a station that is not connected. */
interface Stranded {
  readonly id: number;
  readonly station_id: string;
  readonly transaction_id: string;
  readonly heard: number;
}

/**
 * Makes the service that reports open transactions of stations that are offline: after an hour, and after a day, each
 * once for as long as the station is away. It never ends one itself.
 */
export function createOfflineTransactions(services: Services): BackgroundService {
  const { connections, clock, configuration, systemLog } = services;
  const queries = transactionQueries(services.store);
  /** What was reported: the transaction, and when its station was last heard, with the threshold. */
  let reported = new Map<string, number>();

  const stranded = async (): Promise<Stranded[]> => {
    const rows = await queries.openWithStations();
    return rows
      .filter((row) => connections.of(row.station_id) === undefined)
      .map(({ id, station_id, transaction_id, updated_at, last_seen_at, last_heartbeat_at, disconnected_at }) => {
        const times = [last_seen_at, last_heartbeat_at].filter((time) => time !== null);
        const heard = times.length > 0 ? Math.max(...times) : (disconnected_at ?? updated_at);
        return { id, station_id, transaction_id, heard };
      });
  };

  return {
    name: "offline-transactions",
    description:
      "Warns of open transactions whose station has been offline for an hour, and suggests to close them after a day.",
    interval: configuration.background.offlineTransactions * 1_000,
    run: async (signal) => {
      const still = new Map<string, number>();
      let count = 0;
      for (const { id, station_id, transaction_id, heard } of await stranded()) {
        if (signal.aborted) break;
        const threshold = thresholds.find(({ after }) => clock.now() - heard > after);
        if (threshold === undefined) continue;
        const key = `${id} ${threshold.level}`;
        still.set(key, heard);
        if (reported.get(key) === heard) continue;
        const text = threshold.text(transaction_id);
        // An earlier process may have reported it.
        if (await systemLog.has(station_id, heard, text)) continue;
        systemLog.write(threshold.level, "System", text, station_id);
        count += 1;
      }
      reported = still;
      return count === 0 ? "There was nothing new to report." : `Transactions reported: ${count}.`;
    },
  };
}
