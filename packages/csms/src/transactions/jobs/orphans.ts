import { askStations, placeOf, type Question } from "../../commands/jobs/station-round.ts";
import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import type { ConnectorRow } from "../../store/tables/connectors.ts";
import { transactionQueries } from "../repository/queries.ts";

/** Milliseconds between two requests to one station. */
const spacing = 500;

function keyOf({ station_id, evse_id, connector_id }: ConnectorRow): string {
  return JSON.stringify([station_id, evse_id, connector_id]);
}

/** Makes the service that looks for connectors that charge although no transaction is open there. */
export function createOrphanMonitor(services: Services): BackgroundService {
  const { connections, configuration, store, systemLog } = services;
  const { chargingWithoutTransaction } = transactionQueries(store);
  const name = "orphan-monitor";
  /** Since when each connector is as it is, so that each case is reported once. */
  let reported = new Map<string, number>();

  return {
    name,
    description: "Warns of connectors that charge without an open transaction, and asks their stations for the status.",
    interval: configuration.background.orphanMonitor * 1_000,
    run: async (signal) => {
      const found = await chargingWithoutTransaction();
      const questions = new Map<string, Question[]>();
      for (const row of found) {
        const { station_id, evse_id, connector_id, updated_at } = row;
        if (reported.get(keyOf(row)) !== updated_at) {
          const text = `EVSE ${evse_id}, connector ${connector_id} charges without an open transaction`;
          systemLog.write("WARNING", "System", text, station_id);
        }
        if (connections.of(station_id) === undefined) continue;
        const own = questions.get(station_id) ?? [];
        questions.set(station_id, [...own, { message: "StatusNotification", where: placeOf(row) }]);
      }
      reported = new Map(found.map((row) => [keyOf(row), row.updated_at]));
      const { asked } = await askStations(services, questions, {
        by: { by: name, automation: "orphanMonitor" },
        spacing,
        signal,
      });
      if (found.length === 0) return "Every connector that charges has its transaction.";
      return `Connectors that charge without a transaction: ${found.length}; asked for their status: ${asked}.`;
    },
  };
}
