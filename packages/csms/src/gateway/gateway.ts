import type { Report } from "@ocpp/core";
import { type OcppServer, serve } from "@ocpp/websocket/server";
import { createTracing } from "../operation/tracing.ts";
import type { Services } from "../services/services.ts";
import { enterPredefinedStations } from "../services/station-registry-predefined.ts";
import { createAuthentication } from "./authentication.ts";
import { createEndpoints } from "./endpoints.ts";
import { createFrameLog } from "./frame-log.ts";
import { createStationMessages } from "./handlers/station-messages.ts";
import { createLossWatch } from "./loss-watch.ts";
import { createPresence, type StationPeer } from "./presence.ts";
import { readTls } from "./tls-files.ts";

/** How the gateway behaves beside what the configuration says. */
export interface GatewayOptions {
  /** Milliseconds that a transaction gets to show that it goes on, after its connector was reported free; 5,000 unless given. */
  readonly lossGrace?: number | undefined;
}

/** Where stations connect. */
export interface Gateway {
  /** The URL that stations append `/` and their identity to. */
  readonly url: string;
  /** The same of the second listener, which speaks TLS, where there is one. */
  readonly secureUrl: string | undefined;
  /** All URLs. */
  readonly urls: readonly string[];
  readonly port: number;
  readonly securePort: number | undefined;
  /** Reads certificates, keys and authorities anew for the connections to come. Rejects where they cannot be used. */
  updateTls(): Promise<void>;
  /** Lets calls in flight finish, at most so many milliseconds, closes all connections, and resolves when that is written down. */
  close(timeout: number): Promise<void>;
}

/** Writes down what peers met. What stations do wrong is no error of ours. */
function reporter(log: Services["log"]): (report: Report, stationId: string) => void {
  return (report, stationId) => {
    switch (report.type) {
      case "handler-failed":
        log.error({ stationId, action: report.action, error: report.error }, "A message could not be processed");
        return;
      case "violation":
        log.info(
          { stationId, action: report.action, direction: report.direction, path: report.violation.path },
          `A payload does not fit its schema: ${report.violation.kind}`,
        );
        return;
      default:
        log.debug({ stationId, report: report.type }, "A station was odd");
    }
  };
}

/** A rate of the configuration; undefined for any. */
function rateOf({
  perSecond,
  burst,
}: {
  readonly perSecond: number;
  readonly burst: number;
}): { readonly perSecond: number; readonly burst: number } | undefined {
  return perSecond === 0 ? undefined : { perSecond, burst };
}

/**
 * Starts to serve stations, on one port or two; the newest connection of a station counts over both. Rejects with the
 * ListenError of a port that cannot be opened, and where the certificates cannot be used.
 */
export async function createGateway(services: Services, options: GatewayOptions = {}): Promise<Gateway> {
  const own: Services = { ...services, log: services.log.part("gateway") };
  const { clock, configuration, stations } = own;
  const settings = configuration.webSocket;
  await stations.forgetConnections();
  await enterPredefinedStations(stations, configuration);

  const losses = createLossWatch(own, options.lossGrace ?? 5_000);
  const frameLog = configuration.messageLog.enabled ? createFrameLog(own) : undefined;
  const presence = createPresence(own, frameLog);
  const endpoints = createEndpoints(own, createStationMessages(own, losses));
  const authenticate = createAuthentication(own);
  const callRate = rateOf(settings.callRate);
  const attemptRate = rateOf(settings.attemptRate);
  const secured = settings.tls.enabled || settings.securePort !== null;
  const tls = secured ? await readTls(settings.tls) : undefined;
  let toldOfCertificate = Number.NEGATIVE_INFINITY;

  const listen = async (port: number, withTls: boolean): Promise<OcppServer<StationPeer>> => {
    const server = await serve({
      endpoints,
      authenticate,
      clock,
      port,
      host: settings.host,
      path: settings.path,
      ...(withTls && tls !== undefined ? { tls } : {}),
      securityProfiles: settings.securityProfiles,
      ...(settings.tls.organization === null ? {} : { organizations: [settings.tls.organization] }),
      trustProxy: settings.trustProxy,
      handshakeTimeout: settings.handshakeTimeout * 1_000,
      ping:
        settings.pingInterval === 0
          ? false
          : { interval: settings.pingInterval * 1_000, timeout: settings.pingTimeout * 1_000 },
      ...(settings.idleTimeout === 0 ? {} : { idleTimeout: settings.idleTimeout * 1_000 }),
      ...(settings.maxConnections === 0 ? {} : { maxConnections: settings.maxConnections }),
      ...(callRate === undefined ? {} : { callRate }),
      ...(attemptRate === undefined ? {} : { attemptRate }),
      maxPayload: settings.maxPayload,
      compression: settings.compression,
      report: reporter(own.log),
      ...(configuration.tracing.enabled ? { interceptors: [createTracing({ enabled: true }).interceptor] } : {}),
      ...(frameLog === undefined ? {} : { frames: frameLog.add }),
    });
    server.on("replaced", ({ by }) => {
      presence.opened(by);
    });
    server.on("opened", ({ peer }) => {
      presence.opened(peer);
    });
    server.on("closed", ({ peer, code, reason }) => {
      presence.closed(peer, code, reason);
    });
    server.on("refused", ({ cause, status, remoteAddress, identity, reason, error }) => {
      // A security event of the CSMS itself (A00.FR.408), told of once a second at most. Nobody has shown that the name is theirs.
      if (cause === "certificate" && clock.now() - toldOfCertificate >= 1_000) {
        toldOfCertificate = clock.now();
        const text = `InvalidChargingStationCertificate: a connection from ${remoteAddress} was refused: ${reason}`;
        own.systemLog.write("WARNING", "System", text, identity);
      }
      const level = cause === "authenticate-failed" ? "error" : "debug";
      own.log[level](
        { cause, status, remoteAddress, stationId: identity, error },
        `A connection was refused: ${reason}`,
      );
    });
    return server;
  };

  const main = await listen(settings.port, settings.tls.enabled);
  let secure: OcppServer<StationPeer> | undefined;
  try {
    if (settings.securePort !== null) secure = await listen(settings.securePort, true);
  } catch (error) {
    await main.close({ timeout: 0 });
    throw error;
  }
  const servers = secure === undefined ? [main] : [main, secure];
  const urls = servers.map(({ url }) => url);

  return {
    url: main.url,
    secureUrl: secure?.url,
    urls,
    port: main.port,
    securePort: secure?.port,
    updateTls: async () => {
      if (!secured) throw new TypeError("The gateway speaks no TLS");
      const changed = await readTls(settings.tls);
      if (settings.tls.enabled) main.updateTls(changed);
      secure?.updateTls(changed);
    },
    close: async (timeout) => {
      losses.close();
      await Promise.all(servers.map((server) => server.close({ timeout })));
      await presence.settled();
    },
  };
}
