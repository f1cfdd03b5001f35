import { askStations, placeOf, type Question, roundSentence } from "../../commands/jobs/station-round.ts";
import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import { transactionQueries } from "../repository/queries.ts";

/** Milliseconds between two requests to one station. */
const spacing = 1_000;

/** Makes the service that asks connected stations for the meter values of their open transactions. */
export function createMeterCollection(services: Services): BackgroundService {
  const { connections, configuration, store } = services;
  const { openPlaces } = transactionQueries(store);
  const name = "meter-collection";
  return {
    name,
    description: "Asks connected stations for the meter values of every connector that has an open transaction.",
    interval: configuration.background.meterCollection * 1_000,
    run: async (signal) => {
      const open = await openPlaces();
      const questions = new Map<string, Question[]>();
      for (const row of open) {
        if (connections.of(row.station_id) === undefined) continue;
        const own = questions.get(row.station_id) ?? [];
        questions.set(row.station_id, [...own, { message: "MeterValues", where: placeOf(row) }]);
      }
      return roundSentence(
        await askStations(services, questions, { by: { by: name, automation: "meterCollection" }, spacing, signal }),
        "meter values",
      );
    },
  };
}
