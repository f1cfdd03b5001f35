import type { Clock } from "@ocpp/core";
import { createRateLimit } from "../shared/rate-limit.ts";
import type { SystemLog } from "./system-log.ts";

/** What the line says that counts those of which no line tells, by what they are. */
const sentences = {
  credentials: "more connections with wrong credentials were refused",
  certificate: "more connections with a client certificate that is not valid or not the station's were refused",
  origin: "more connections with an Origin header that webSocket.origins does not list were refused",
  unknown: "more connections of unknown stations were refused, and are not listed",
  registration: "more unknown stations were not let in: stations.unknownRate or stations.unknownLimit was reached",
  event: "more events of unknown stations that were let in were left out",
  key: "more requests to REST with a wrong key were refused",
  request: "more requests to REST without a key were refused, and are not in the audit log",
} as const;

/** What is reported, or counted. */
export type RefusalTopic = keyof typeof sentences;

/**
 * What the system log tells of connections that were refused. Anybody can have a connection refused, as often as they like:
 * so many lines a minute report one, and one line of how many more there were.
 */
export interface RefusalLog {
  /** Reports a refusal, or counts it. */
  write(topic: RefusalTopic, text: string, stationId?: string): void;
  /** Counts a refusal of which no line is to be written. */
  count(topic: RefusalTopic): void;
  /** Reports what was counted so far, and counts no more. */
  close(): void;
}

/** Milliseconds after which it is told how many more there were. */
const interval = 60_000;

/** Makes the log; `perMinute` lines a minute for each topic. */
export function createRefusalLog(systemLog: Pick<SystemLog, "write">, clock: Clock, perMinute: number): RefusalLog {
  const limit = createRateLimit({ perMinute }, clock);
  const counted = new Map<RefusalTopic, number>();
  let timer: unknown;
  let closed = false;

  const tell = (): void => {
    clock.clearTimer(timer);
    timer = undefined;
    for (const [topic, count] of counted) {
      systemLog.write("WARNING", "System", `${count} ${sentences[topic]}`);
    }
    counted.clear();
  };

  const count = (topic: RefusalTopic): void => {
    if (closed) return;
    counted.set(topic, (counted.get(topic) ?? 0) + 1);
    timer ??= clock.setTimer(tell, interval);
  };

  return {
    count,
    write: (topic, text, stationId) => {
      if (limit.take(topic)) systemLog.write("WARNING", "System", text, stationId);
      else count(topic);
    },
    close: () => {
      tell();
      closed = true;
    },
  };
}
