import type { Clock } from "@ocpp/core";
import type { Configuration } from "./config/configuration.ts";
import type { Events } from "./events/events.ts";
import type { Log } from "./observability/logging.ts";
import type { Metrics } from "./observability/metrics.ts";
import type { LogSize } from "./observability/repository/log-size.ts";
import type { Store } from "./store/store.ts";

/** What measures each of the logs that stations fill. */
export type LogSizes = Readonly<Record<"frames" | "events", LogSize>>;

/** What every part of the CSMS stands on. */
export interface Infrastructure {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How much the logs hold that stations fill. */
  readonly logSizes: LogSizes;
}
