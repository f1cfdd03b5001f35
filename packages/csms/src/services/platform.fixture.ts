import { type Clock, systemClock } from "@ocpp/core";
import { testConfiguration } from "../config/configuration.fixture.ts";
import type { Configuration } from "../config/configuration.ts";
import { createEvents } from "../events/event-log.ts";
import { type KeptLog, keptLog } from "../operation/kept-log.fixture.ts";
import { createMetrics } from "../operation/metrics.ts";
import type { Store } from "../store/store.ts";
import type { Platform } from "./platform.ts";

export { type KeptLog, keptLog };

/** The platform over a store, with defaults for the rest. */
export function testPlatform(
  store: Store,
  options: {
    readonly clock?: Clock | undefined;
    /** Values in place of the defaults, by the nesting of the configuration. */
    readonly configuration?: object | undefined;
  } = {},
): Platform & { readonly log: KeptLog } {
  const clock = options.clock ?? systemClock;
  const log = keptLog();
  const configuration: Configuration = testConfiguration(options.configuration);
  return { store, clock, log, configuration, metrics: createMetrics(), events: createEvents(store, clock, log) };
}
