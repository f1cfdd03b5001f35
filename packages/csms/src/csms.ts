import { type Clock, systemClock } from "@ocpp/core";
import type { Resource } from "./api/resource.ts";
import { resources as standardResources } from "./api/resources.ts";
import { createApi } from "./api/server.ts";
import { createBackgroundServices } from "./background/background-services.ts";
import { createScheduler } from "./background/scheduler.ts";
import type { Configuration } from "./config/configuration.ts";
import { createEvents } from "./events/event-log.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { createOperations } from "./gateway/operations.ts";
import { openLogOutput } from "./operation/log-output.ts";
import { createLog, type Log } from "./operation/logging.ts";
import { createMetrics } from "./operation/metrics.ts";
import { createMessageHooks } from "./plugins/message-hooks.ts";
import type { PluginDefinition } from "./plugins/plugin.ts";
import { createPluginHost } from "./plugins/plugin-host.ts";
import { createApiKeys } from "./services/api-keys.ts";
import { createCommander } from "./services/commander.ts";
import { createConnectorRecorder } from "./services/connector-recorder.ts";
import { createDataTransfers } from "./services/data-transfers.ts";
import type { Platform } from "./services/platform.ts";
import { createReservationBook } from "./services/reservation-book.ts";
import type { Services } from "./services/services.ts";
import { createStationLines } from "./services/station-lines.ts";
import { createStationRegistry } from "./services/station-registry.ts";
import { createSystemLog } from "./services/system-log.ts";
import { createTokenRegistry } from "./services/token-registry.ts";
import { createTransactionRecorder } from "./services/transaction-recorder.ts";
import { createWebhooks } from "./services/webhooks.ts";
import { openStore } from "./store/open-store.ts";
import { storeOptions } from "./store-settings.ts";

/** What a CSMS is made with. */
export interface CsmsOptions {
  /** Made by `readConfiguration`, or by `configurationOf` from some settings. */
  readonly configuration: Configuration;
  /** Where to write what happens; standard output or files, as the configuration says, unless given. */
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
  /** Plug-ins beside those that the configuration names, asked after them. */
  readonly plugins?: readonly PluginDefinition[] | undefined;
  /** Groups of endpoints beside the standard ones. */
  readonly resources?: readonly Resource[] | undefined;
}

/** A CSMS that runs. */
export interface Csms {
  /** Everything that it works with, for programs that embed it. */
  readonly services: Services;
  /** Where stations connect: append `/` and the identity. */
  readonly webSocketUrl: string;
  /** The same over TLS, where there is a second port. */
  readonly secureWebSocketUrl: string | undefined;
  readonly apiUrl: string;
  /** The page that documents REST; undefined where it is switched off. */
  readonly docsUrl: string | undefined;
  /**
   * Reads the certificates, keys and authorities for stations anew; connections that are open stay. Rejects where they
   * cannot be used, and where stations are not served over TLS; then nothing changes.
   */
  updateTls(): Promise<void>;
  /**
   * Takes no more connections, lets calls in flight finish, at most so many milliseconds (10,000 unless given), and
   * resolves when everything is written and closed. A second call joins the first.
   */
  close(timeout?: number): Promise<void>;
}

/** Runs each step although the ones before have failed, and then throws what went wrong first. */
async function runAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Opens a log as the configuration says, and sees to its closing. */
async function openLog({ log: settings, systemName }: Configuration, closing: (() => Promise<void>)[]): Promise<Log> {
  const output = await openLogOutput(settings);
  closing.unshift(() => output.close());
  return createLog({ settings, systemName, output });
}

/** Runs steps side by side, waits for all of them, and then throws what went wrong first. */
async function runTogether(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(steps.map((step) => step()));
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

function createServices(platform: Platform): Omit<Services, "hooks"> {
  const systemLog = createSystemLog(platform);
  const lines = createStationLines();
  const stations = createStationRegistry(platform, systemLog);
  const tokens = createTokenRegistry(platform);
  const connectors = createConnectorRecorder(platform);
  const commander = createCommander(platform, lines, stations, systemLog);
  const operations = createOperations(commander, stations, tokens, platform);
  return {
    ...platform,
    systemLog,
    lines,
    stations,
    tokens,
    connectors,
    commander,
    operations,
    transactions: createTransactionRecorder(platform, tokens, connectors, systemLog),
    reservations: createReservationBook(platform, operations, systemLog),
    dataTransfers: createDataTransfers(platform, systemLog),
  };
}

/**
 * Starts a CSMS and resolves when stations and REST are served.
 *
 * Rejects with a StoreError where the database cannot be used, with the ListenError of a port that cannot be opened, and
 * with what a plug-in throws that cannot be loaded; then nothing is left behind.
 */
export async function createCsms(options: CsmsOptions): Promise<Csms> {
  const { configuration, clock = systemClock } = options;
  const closing: (() => Promise<void>)[] = [];
  try {
    const log = options.log ?? (await openLog(configuration, closing));
    const metrics = createMetrics({ process: true });
    closing.unshift(async () => {
      metrics.close();
    });
    const store = await openStore({
      ...storeOptions(configuration),
      clock,
      committed: (milliseconds, writes) => {
        metrics.committed(milliseconds / 1_000, writes);
      },
      report: ({ what, ...fields }) => {
        log.part("store").error(fields, what);
      },
    });
    closing.unshift(() => store.close());
    const platform: Platform = {
      configuration,
      store,
      clock,
      log,
      metrics,
      events: createEvents(store, clock, log.part("events")),
    };
    const hooks = createMessageHooks(clock, log.part("plugins"));
    const services: Services = { ...createServices(platform), hooks };
    closing.unshift(() => services.commander.close(0));

    const apiKeys = await createApiKeys(platform);
    const webhooks = await createWebhooks(platform);
    closing.unshift(() => webhooks.close());
    const host = createPluginHost(services, hooks);
    closing.unshift(() => host.stop());
    await host.start(configuration.plugins, options.plugins ?? []);

    const scheduler = createScheduler(platform, createBackgroundServices({ ...services, webhooks }));
    const gateway: Gateway = await createGateway(services);
    let deadline = 0;
    const timeLeft = (): number => Math.max(0, deadline - clock.now());
    let closed: Promise<void> | undefined;
    // What comes in from outside, and by the clock, ends first and all at once: none of it waits for another to begin.
    const entrances: (() => Promise<void>)[] = [() => gateway.close(timeLeft())];
    closing.unshift(() => runTogether(entrances));
    const api = await createApi(
      { ...services, scheduler, apiKeys, webhooks, gatewayReady: () => closed === undefined },
      [...standardResources, ...(options.resources ?? [])],
    );
    entrances.push(
      () => api.close(timeLeft()),
      () => scheduler.close(),
    );
    await api.listen();
    scheduler.start();

    return {
      services,
      webSocketUrl: gateway.url,
      secureWebSocketUrl: gateway.secureUrl,
      apiUrl: api.url,
      docsUrl: configuration.api.docs ? `${api.url}/docs` : undefined,
      updateTls: () => gateway.updateTls(),
      close: (timeout = 10_000) => {
        if (closed === undefined) {
          deadline = clock.now() + timeout;
          closed = runAll(closing);
        }
        return closed;
      },
    };
  } catch (error) {
    await runAll(closing).catch(() => {});
    throw error;
  }
}
