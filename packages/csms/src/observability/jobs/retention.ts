import type { Configuration } from "../../config/configuration.ts";
import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import { deleteOlder } from "../../store/retention.ts";
import type { AgeingTable } from "../../store/tables/description.ts";

const day = 86_400_000;

/** How many days each table is kept; transactions and what belongs to them are in none of these. */
function daysOf({ retention }: Configuration): Readonly<Record<AgeingTable, number>> {
  return {
    // A delivery without its event says nothing.
    deliveries: retention.events,
    logs: retention.logs,
    commands: retention.commands,
    remote_starts: retention.commands,
    security_events: retention.securityEvents,
    statuses: retention.statuses,
    background_runs: retention.backgroundRuns,
    audit: retention.audit,
  };
}

/** Makes the service that deletes what is older than the configuration retains it. */
export function createRetention({ store, clock, configuration, logSizes, stations }: Services): BackgroundService {
  return {
    name: "retention",
    description: "Deletes messages, events, logs and histories that are older than they are to be retained.",
    interval: configuration.background.retention * 1_000,
    run: async (signal) => {
      const deleted: string[] = [];
      for (const log of ["frames", "events"] as const) {
        const days = configuration.retention[log];
        if (days === 0 || signal.aborted) continue;
        const count = await logSizes[log].deleteOlder(clock.now() - days * day, signal);
        if (count > 0) deleted.push(`${log} ${count}`);
      }
      for (const [table, days] of Object.entries(daysOf(configuration)) as [AgeingTable, number][]) {
        if (days === 0 || signal.aborted) continue;
        const count = await deleteOlder(store, table, clock.now() - days * day, { signal });
        if (count > 0) deleted.push(`${table} ${count}`);
      }
      const { unknownStations } = configuration.retention;
      if (unknownStations > 0 && !signal.aborted) {
        const expired = await stations.expireUnknown(clock.now() - unknownStations * day);
        if (expired.unknown > 0) deleted.push(`unknown stations ${expired.unknown}`);
        if (expired.stations > 0) deleted.push(`stations that took themselves in ${expired.stations}`);
      }
      return deleted.length === 0 ? "Nothing was old enough." : `Deleted: ${deleted.join(", ")}.`;
    },
  };
}
