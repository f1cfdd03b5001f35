import { type Clock, systemClock } from "@ocpp/core";
import { testConfiguration } from "./config/configuration.fixture.ts";
import type { Configuration } from "./config/configuration.ts";
import { createEvents } from "./events/log.ts";
import type { Infrastructure } from "./infrastructure.ts";
import { type KeptLog, keptLog } from "./observability/kept-log.fixture.ts";
import { createMetrics } from "./observability/metrics.ts";
import { createLogSize } from "./observability/repository/log-size.ts";
import type { MessageHooks } from "./shared/message-hooks.ts";
import type { Store } from "./store/store.ts";

export { type KeptLog, keptLog };

/** The infrastructure over a store, with defaults for the rest. */
export function testInfrastructure(
  store: Store,
  options: {
    readonly clock?: Clock | undefined;
    /** Values in place of the defaults, by the nesting of the configuration. */
    readonly configuration?: object | undefined;
  } = {},
): Infrastructure & { readonly log: KeptLog } {
  const clock = options.clock ?? systemClock;
  const log = keptLog();
  const configuration: Configuration = testConfiguration(options.configuration);
  const logSizes = { frames: createLogSize(store, "frames"), events: createLogSize(store, "events") };
  return {
    store,
    clock,
    log,
    configuration,
    metrics: createMetrics(),
    logSizes,
    events: createEvents(store, clock, log, logSizes.events),
  };
}

/** Hooks that want nothing. */
export const noHooks: MessageHooks = {
  wanted: () => false,
  before: async () => undefined,
  amend: async (_message, answer) => answer,
  after: () => {},
};
