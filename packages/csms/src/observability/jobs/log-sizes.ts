import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";

/** Makes the service that measures the message log and the events, and holds them to their sizes. */
export function createLogSizes({ configuration, logSizes }: Services): BackgroundService {
  const { retention, background } = configuration;
  const limits = { frames: retention.framesSize, events: retention.eventsSize };
  return {
    name: "log-sizes",
    description: "Measures the message log and the events, and deletes the oldest where they are too large.",
    interval: background.logSizes * 1_000,
    run: async (signal) => {
      const deleted: string[] = [];
      for (const log of ["frames", "events"] as const) {
        await logSizes[log].settle(signal);
        const count = limits[log] === 0 ? 0 : await logSizes[log].shrink(limits[log], signal);
        if (count > 0) deleted.push(`${log} ${count}`);
      }
      return deleted.length === 0 ? "Nothing was too large." : `Deleted: ${deleted.join(", ")}.`;
    },
  };
}
