import { type Clock, systemClock } from "@ocpp/core";
import { createBackgroundServices } from "./background-services.ts";
import { composeServices } from "./compose.ts";
import type { Configuration } from "./config/configuration.ts";
import { createEvents } from "./events/log.ts";
import { createApiKeys } from "./http/api-keys.ts";
import type { Resource } from "./http/resource.ts";
import { createApi } from "./http/server.ts";
import type { Infrastructure } from "./infrastructure.ts";
import { createScheduler } from "./jobs/scheduler.ts";
import { openLogOutput } from "./observability/log-output.ts";
import { createLog, type Log } from "./observability/logging.ts";
import { createMetrics } from "./observability/metrics.ts";
import { createLogSize } from "./observability/repository/log-size.ts";
import type { CertificateRule } from "./ocpp/certificate-rule.ts";
import { createGateway, type Gateway } from "./ocpp/gateway.ts";
import { createMessageHooks } from "./plugins/message-hooks.ts";
import type { PluginDefinition } from "./plugins/plugin.ts";
import { createPluginHost } from "./plugins/plugin-host.ts";
import { resources as standardResources } from "./resources.ts";
import type { Services } from "./services.ts";
import { createShutdown } from "./shutdown.ts";
import { createShutdownReport, logShutdown, type ShutdownReport } from "./shutdown-report.ts";
import { createPasswordHashes, type PasswordHashes } from "./stations/password.ts";
import { openPasswordKey } from "./stations/password-key.ts";
import { endsWithin } from "./store/ends-within.ts";
import { openStore } from "./store/open-store.ts";
import { passwordKeyPlace, storeOptions } from "./store-settings.ts";
import { createWebhooks } from "./webhooks/webhooks.ts";

/** What a CSMS is made with. */
export interface CsmsOptions {
  /** Made by `readConfiguration`, or by `configurationOf` from some settings. */
  readonly configuration: Configuration;
  /** Where to write what happens; standard output or files, as the configuration says, unless given. */
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
  /** Plug-ins beside those that the configuration names, asked after them. */
  readonly plugins?: readonly PluginDefinition[] | undefined;
  /** Whose a client certificate is (security profile 3), in place of `webSocket.tls.certificateRule`. */
  readonly certificateRule?: CertificateRule | undefined;
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
   * Takes no more connections, lets calls in flight finish and persists what there is, at most so many milliseconds in all
   * (10,000 unless given; the database gets 250 at least). Resolves within that time although something hangs, with what was
   * dropped, which is logged, too. A second call joins the first. Rejects with what failed first, when all else is closed.
   */
  close(timeout?: number): Promise<ShutdownReport>;
}

/** A log, and what closes it: nothing where it was handed in. */
async function openLog(
  { log: given, configuration: { log: settings, systemName } }: CsmsOptions,
  clock: Clock,
): Promise<{ readonly log: Log; readonly close: () => Promise<void> }> {
  if (given !== undefined) return { log: given, close: async () => {} };
  const output = await openLogOutput(settings);
  const log = createLog({ settings, systemName, output, clock });
  return {
    log,
    close: async () => {
      log.close();
      await endsWithin(clock, output.close(), logTime);
    },
  };
}

/** How long a CSMS that cannot start has to close what it has opened, in milliseconds. */
const abandonTime = 5_000;
/** How long the last lines of the log may take, in milliseconds. */
const logTime = 250;

/** The hashes of passwords, with the key that lasts over restarts, where there is one. */
async function openPasswordHashes({ configuration, log }: Infrastructure): Promise<PasswordHashes> {
  const place = passwordKeyPlace(configuration);
  return createPasswordHashes({ key: place && (await openPasswordKey(place, log.part("services"))) });
}

/**
 * Starts a CSMS and resolves when stations and REST are served.
 *
 * Rejects with a StoreError where the database cannot be used, with the ListenError of a port that cannot be opened, and
 * with what a plug-in throws that cannot be loaded; then nothing is left behind.
 */
export async function createCsms(options: CsmsOptions): Promise<Csms> {
  const { configuration, clock = systemClock } = options;
  const { log, close: closeLog } = await openLog(options, clock);
  const shutdown = createShutdown(clock);
  try {
    const metrics = createMetrics({ process: true });
    shutdown.add("operation", "metrics", async () => {
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
    const report = createShutdownReport();
    shutdown.add("store", "database", async (timeout) => {
      report.closed(await store.close(timeout));
    });
    const logSizes = { frames: createLogSize(store, "frames"), events: createLogSize(store, "events") };
    const infrastructure: Infrastructure = {
      configuration,
      store,
      clock,
      log,
      metrics,
      events: createEvents(store, clock, log.part("events"), logSizes.events),
      logSizes,
    };
    const hooks = createMessageHooks(clock, log.part("plugins"));
    const services = composeServices(infrastructure, hooks, await openPasswordHashes(infrastructure));
    shutdown.add("services", "commands", () => services.commander.close(0));
    shutdown.add("services", "stations", () => services.stations.close());

    const apiKeys = await createApiKeys(infrastructure);
    const webhooks = await createWebhooks(infrastructure);
    shutdown.add("services", "webhooks", () => webhooks.close());
    const host = createPluginHost(services, hooks);
    shutdown.add("operation", "errors of plug-ins", async () => {
      host.close();
    });
    shutdown.add("plugins", "plug-ins", async (timeout) => {
      for (const name of await host.stop(timeout)) report.unfinished(`plug-in ${name}`);
    });
    await host.start(configuration.plugins, options.plugins ?? []);

    const scheduler = createScheduler(infrastructure, createBackgroundServices({ ...services, webhooks }));
    const gateway: Gateway = await createGateway(services, { certificateRule: options.certificateRule });
    shutdown.add("entrances", "connections of stations", async (timeout) => {
      if (!(await gateway.close(timeout))) report.unfinished("connections of stations");
    });
    let closed: Promise<ShutdownReport> | undefined;
    const api = await createApi(
      { ...services, scheduler, apiKeys, webhooks, gatewayReady: () => closed === undefined },
      [...standardResources, ...(options.resources ?? [])],
    );
    shutdown.add("entrances", "requests to REST", async (timeout) => {
      report.requests(await api.close(timeout));
    });
    shutdown.add("entrances", "background services", async (timeout) => {
      for (const name of await scheduler.close(timeout)) report.unfinished(`background service ${name}`);
    });
    await api.listen();
    scheduler.start();

    const close = async (timeout: number): Promise<ShutdownReport> => {
      const { unfinished, failures } = await shutdown.run(timeout);
      report.calls(gateway.dropped);
      for (const name of unfinished) report.unfinished(name);
      const made = report.make();
      logShutdown(log, made);
      await closeLog();
      if (failures.length > 0) throw failures[0];
      return made;
    };
    return {
      services,
      webSocketUrl: gateway.url,
      secureWebSocketUrl: gateway.secureUrl,
      apiUrl: api.url,
      docsUrl: configuration.api.docs ? `${api.url}/docs` : undefined,
      updateTls: () => gateway.updateTls(),
      close: (timeout = 10_000) => {
        closed ??= close(timeout);
        return closed;
      },
    };
  } catch (error) {
    await shutdown.run(abandonTime);
    await closeLog();
    throw error;
  }
}
