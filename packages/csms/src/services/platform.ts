import type { Clock } from "@ocpp/core";
import type { Configuration } from "../config/configuration.ts";
import type { Events } from "../events/events.ts";
import type { Log } from "../operation/logging.ts";
import type { Metrics } from "../operation/metrics.ts";
import type { Store } from "../store/store.ts";

/** What every part of the CSMS stands on. */
export interface Platform {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}
