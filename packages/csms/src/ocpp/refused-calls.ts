import type { Report } from "@ocpp/core";
import type { Services } from "../services.ts";

/** Reports to operators calls that were refused, without being flooded by them. */
export interface RefusedCalls {
  /** A call was refused before its handler saw it. */
  readonly add: (report: Extract<Report, { type: "refused-call" }>, stationId: string) => void;
  /** Writes what was not told yet. */
  close(): void;
}

/** How long refusals of a station are counted before they are reported together, in milliseconds. */
const interval = 60_000;

/** How many refused calls of a station are named in a line; the log of the level debug has all of them. */
const mostNamed = 20;

/** The refusals of a station that no line reports yet. */
interface Counted {
  count: number;
  readonly named: string[];
}

/** How many stations are distinguished; the refusals of others are counted in the metrics alone. */
const mostStations = 1_000;

/**
 * Makes what counts refusals: the system log gets the first one of a station at once, and what follows as one line a minute.
 * The message log does not have what a rate keeps out, since a station that sends without end would fill it.
 */
export function createRefusedCalls({
  clock,
  metrics,
  systemLog,
}: Pick<Services, "clock" | "metrics" | "systemLog">): RefusedCalls {
  const counts = new Map<string, Counted>();
  let timer: unknown;

  const tell = (): void => {
    timer = undefined;
    for (const [stationId, { count, named }] of counts) {
      counts.delete(stationId);
      if (count === 0) continue;
      const calls = count === 1 ? "1 more call was" : `${count} more calls were`;
      const names = `${named.join(", ")}${count > named.length ? ", …" : ""}`;
      systemLog.write("WARNING", "System", `${calls} refused within a minute: ${names}`, stationId);
    }
  };

  return {
    add: ({ action, messageId, error }, stationId) => {
      metrics.callRefused();
      const name = `${action.slice(0, 60)} (${messageId.slice(0, 36)})`;
      const counted = counts.get(stationId);
      if (counted !== undefined) {
        counted.count += 1;
        if (counted.named.length < mostNamed) counted.named.push(name);
        return;
      }
      if (counts.size >= mostStations) return;
      counts.set(stationId, { count: 0, named: [] });
      timer ??= clock.setTimer(tell, interval);
      systemLog.write("WARNING", "System", `${name} was refused: ${error.message}`, stationId);
    },
    close: () => {
      clock.clearTimer(timer);
      tell();
    },
  };
}
