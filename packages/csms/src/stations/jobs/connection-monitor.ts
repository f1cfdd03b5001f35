import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import { createAutomationGate } from "../automation.ts";
import type { StationConnection } from "../connections.ts";
import { createStationRepository } from "../repository/stations.ts";

/** A station is silent when nothing of it arrived for so many heartbeat intervals. */
const intervals = 2.5;
/** Milliseconds; what arrives is noted only every few seconds. */
const leastSilence = 6_000;
/** Milliseconds that a connection may take from being noted to being there. */
const settling = 30_000;
/** Milliseconds that a silent station has to answer. */
const answerTime = 10_000;
/** Codes of CommandOutcome that a station which is there does not cause. */
const unanswered: ReadonlySet<string> = new Set(["Timeout", "Deadline", "QueueFull"]);

/**
 * Makes the service that looks for stations that are not there, although they are noted as connected. One that is silent is
 * asked for a heartbeat first: there are stations that do not keep to the interval they were told, and are well. Where
 * it does not answer either, its connection is closed.
 */
export function createConnectionMonitor(services: Services): BackgroundService {
  const { store, connections, stations, clock, configuration, commander, systemLog } = services;
  const rows = createStationRepository(store);
  const name = "connection-monitor";
  const automation = createAutomationGate(configuration);
  /** When each silent station was last heard, so that each silence is reported once. */
  let silent = new Map<string, number>();

  /** Notes stations as offline that have no connection; how many. */
  const settle = async (): Promise<number> => {
    const recorded = await rows.connectedBefore(clock.now() - settling);
    const gone = recorded.filter((id) => connections.of(id) === undefined);
    for (const id of gone) {
      await stations.disconnected(id, { code: 1006, reason: "There is no connection" });
      systemLog.write("WARNING", "System", "The station was noted as connected and is not: it is offline", id);
    }
    return gone.length;
  };

  /** Stations whose connection was not noted when the run before looked: one that has just connected is noted in a moment. */
  let unnoted = new Set<string>();

  /** Notes stations as connected that are, where the database was away when they connected; how many. */
  const catchUp = async (): Promise<number> => {
    const missing = Array.from(connections).filter(({ stationId }) => stations.live(stationId)?.connected !== 1);
    const late = missing.filter(({ stationId }) => unnoted.has(stationId));
    unnoted = new Set(missing.map(({ stationId }) => stationId));
    for (const { stationId, protocol } of late) {
      const row = await stations.get(stationId);
      if (row === undefined) continue;
      const { remote_address: remoteAddress, security_profile: securityProfile } = row;
      await stations.connected(stationId, { protocol, remoteAddress: remoteAddress ?? "", securityProfile });
      systemLog.write(
        "WARNING",
        "System",
        "The station is connected and was not noted as such: it is online",
        stationId,
      );
    }
    return late.length;
  };

  /** When a station was last heard, where that is too long ago. */
  const silenceOf = ({ stationId }: StationConnection): number | undefined => {
    const row = stations.live(stationId);
    if (row === undefined) return undefined;
    const interval = row.heartbeat_interval ?? configuration.stations.heartbeatInterval;
    const heard = Math.max(row.last_seen_at ?? 0, row.last_heartbeat_at ?? 0, row.connected_at ?? 0);
    return clock.now() - heard > Math.max(intervals * interval * 1_000, leastSilence) ? heard : undefined;
  };

  /** Whether a silent station is there. What cannot be asked counts as being there. */
  const answers = async (stationId: string, signal: AbortSignal): Promise<boolean> => {
    try {
      const outcome = await commander.call(
        stationId,
        "TriggerMessage",
        { requestedMessage: "Heartbeat" },
        { requestedBy: name, background: true, timeout: answerTime, deadline: answerTime, signal },
      );
      return outcome.state === "completed" || !unanswered.has(outcome.code);
    } catch {
      return true;
    }
  };

  /** Whether a silent station's connection had to be closed. */
  const look = async (connection: StationConnection, heard: number, signal: AbortSignal): Promise<boolean> => {
    const { stationId } = connection;
    if (silent.get(stationId) !== heard) {
      const seconds = Math.round((clock.now() - heard) / 1_000);
      systemLog.write("WARNING", "System", `Nothing was heard of the station for ${seconds} s`, stationId);
    }
    // Whether it is there is left to pings where it must not be asked.
    if (!automation.allows(stations.live(stationId), "connectionMonitor")) return false;
    if ((await answers(stationId, signal)) || signal.aborted) return false;
    systemLog.write("WARNING", "System", "The station does not answer: its connection is closed", stationId);
    connection.close(4_000, "Silent for too long");
    return true;
  };

  return {
    name,
    description:
      "Notes stations as offline that have no connection, or are silent for 2.5 heartbeat intervals and do not answer, and as online that have one.",
    interval: configuration.background.connectionMonitor * 1_000,
    run: async (signal) => {
      const settled = await settle();
      const online = await catchUp();
      const found = Array.from(connections).flatMap((connection) => {
        const heard = silenceOf(connection);
        return heard === undefined ? [] : [{ connection, heard }];
      });
      const closed = await Promise.all(found.map(({ connection, heard }) => look(connection, heard, signal)));
      silent = new Map(found.map(({ connection, heard }) => [connection.stationId, heard]));
      const offline = settled + closed.filter(Boolean).length;
      if (found.length + offline + online === 0) return "All stations are where they should be.";
      return `Silent stations: ${found.length}; noted as offline: ${offline}, as online: ${online}.`;
    },
  };
}
