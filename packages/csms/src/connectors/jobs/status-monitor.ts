import { askStations, placeOf, type Question, roundSentence } from "../../commands/jobs/station-round.ts";
import type { BackgroundService } from "../../jobs/background-service.ts";
import { factsOf } from "../../ocpp/versions/versions.ts";
import type { Services } from "../../services.ts";
import type { ConnectorRow } from "../../store/tables/connectors.ts";

/** Milliseconds between two requests to one station. */
const spacing = 500;
/** Milliseconds after which a remote start that no transaction followed is over. */
const remoteStartTime = 1_800_000;

/** What a station is asked about its connectors. In 2.x a status is always that of a connector (F06.FR.13). */
function questionsAbout(protocol: string, connectors: readonly ConnectorRow[]): Question[] {
  const own = connectors.filter(({ connector_id }) => connector_id > 0);
  const whole: Question[] = factsOf(protocol).triggersStatusOfStation ? [{ message: "StatusNotification" }] : [];
  return [
    ...whole,
    ...own.flatMap((connector): Question[] => {
      const where = placeOf(connector);
      const status: Question = { message: "StatusNotification", where };
      return connector.status === "Charging" ? [status, { message: "MeterValues", where }] : [status];
    }),
  ];
}

/** Makes the service that asks stations how their connectors are, and ends remote starts that came to nothing. */
export function createStatusMonitor(services: Services): BackgroundService {
  const { connections, stations, connectors, remoteStarts, clock, configuration } = services;
  const name = "status-monitor";

  return {
    name,
    description: "Asks connected stations for the status of every connector, and for meter values where one charges.",
    interval: configuration.background.statusMonitor * 1_000,
    run: async (signal) => {
      const expired = await remoteStarts.expire(clock.now() - remoteStartTime);
      const questions = new Map<string, Question[]>();
      for (const { stationId, protocol } of connections) {
        if (stations.live(stationId)?.registration !== "Accepted") continue;
        questions.set(stationId, questionsAbout(protocol, await connectors.of(stationId)));
      }
      const counts = await askStations(services, questions, {
        by: { by: name, automation: "statusMonitor" },
        spacing,
        signal,
      });
      const sentence = roundSentence(counts, "status and meter values");
      return expired === 0 ? sentence : `${sentence} Remote starts that came to nothing: ${expired}.`;
    },
  };
}
