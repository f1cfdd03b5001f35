import type { Report } from "@ocpp/core";
import { type OcppServer, serve } from "@ocpp/websocket/server";
import { createRefusalLog } from "../observability/refusal-log.ts";
import { createTracing } from "../observability/tracing.ts";
import type { Services } from "../services.ts";
import { enterPredefinedStations } from "../stations/predefined.ts";
import { endsWithin } from "../store/ends-within.ts";
import { enterPredefinedTokens } from "../tokens/predefined.ts";
import { createTransactionDenial } from "../transactions/jobs/denial.ts";
import { createLostTransactions } from "../transactions/jobs/lost-transactions.ts";
import { createTransactionQuestions } from "../transactions/jobs/questions.ts";
import { createAuthentication } from "./authentication.ts";
import { type CertificateRule, certificateOwnership } from "./certificate-rule.ts";
import { createFrameLog } from "./frame-log.ts";
import { createPresence, type StationPeer } from "./presence.ts";
import { createRefusedCalls, type RefusedCalls } from "./refused-calls.ts";
import { readTls } from "./tls-files.ts";
import { createEndpoints } from "./versions/endpoints.ts";
import { createStationMessages } from "./versions/station-messages.ts";

/** How the gateway behaves beside what the configuration says. */
export interface GatewayOptions {
  /** Milliseconds that a transaction gets to show that it goes on, after its connector was reported free; 5,000 unless given. */
  readonly lossGrace?: number | undefined;
  /** Whose a client certificate is, in place of `webSocket.tls.certificateRule`. */
  readonly certificateRule?: CertificateRule | undefined;
}

/** Where stations connect. */
export interface Gateway {
  /** The URL that stations append `/` and their identity to. */
  readonly url: string;
  /** The same of the second listener, which speaks TLS, where there is one. */
  readonly secureUrl: string | undefined;
  readonly port: number;
  readonly securePort: number | undefined;
  /** Reads certificates, keys and authorities anew for the connections to come. Rejects where they cannot be used. */
  updateTls(): Promise<void>;
  /** The calls of stations that were dropped since `close` was called. */
  readonly dropped: readonly DroppedCall[];
  /**
   * Lets calls in flight finish, at most so many milliseconds, closes all connections, and resolves when that is written down or
   * the time is up, with whether all connections were gone by then.
   */
  close(timeout: number): Promise<boolean>;
}

/** A call of a station that was received and not handled to its end; the station got no answer, and may repeat it. */
export interface DroppedCall {
  readonly stationId: string;
  readonly action: string;
  readonly messageId: string;
}

/** Where reports of peers go. */
export interface ReporterOptions {
  readonly log: Services["log"];
  readonly refused: RefusedCalls;
  /** Takes dropped calls that it reports itself; whether it did. */
  readonly drop: (call: DroppedCall) => boolean;
}

/** Writes down what peers met. What stations do wrong is no error of ours. */
export function createReporter({ log, refused, drop }: ReporterOptions): (report: Report, stationId: string) => void {
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
      case "call-dropped": {
        const { action, messageId, why } = report;
        if (drop({ stationId, action, messageId })) return;
        log.warn({ stationId, action, messageId, why }, "A message was dropped before it was handled to its end");
        return;
      }
      case "refused-call": {
        const { action, messageId, error } = report;
        refused.add(report, stationId);
        log.debug({ stationId, action, messageId, code: error.code }, `A message was refused: ${error.message}`);
        return;
      }
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
 * Starts to serve stations, on one port or two; which connection of a station counts is settled over both. Rejects with the
 * ListenError of a port that cannot be opened, and where the certificates cannot be used.
 */
export async function createGateway(services: Services, options: GatewayOptions = {}): Promise<Gateway> {
  const own: Services = { ...services, log: services.log.part("gateway") };
  const { clock, configuration, stations } = own;
  const settings = configuration.webSocket;
  await stations.forgetConnections();
  await enterPredefinedStations(stations, configuration);
  await enterPredefinedTokens(own.tokens, configuration);

  const denial = createTransactionDenial(own);
  const losses = createLostTransactions(own, denial, options.lossGrace ?? 5_000);
  const questions = createTransactionQuestions(own, denial);
  const frameLog = configuration.messageLog.enabled ? createFrameLog(own) : undefined;
  const presence = createPresence(own, frameLog);
  const refused = createRefusedCalls(own);
  const messages = createStationMessages(own, losses, questions);
  const endpoints = createEndpoints(own, messages);
  const refusals = createRefusalLog(own.systemLog, clock, configuration.stations.unknownEvents);
  const authenticate = createAuthentication(own, refusals, certificateOwnership(settings.tls, options.certificateRule));
  const callRate = rateOf(settings.callRate);
  const attemptRate = rateOf(settings.attemptRate);
  const secured = settings.tls.enabled || settings.securePort !== null;
  const tls = secured ? readTls(settings.tls, own.log, clock.now()) : undefined;
  const dropped: DroppedCall[] = [];
  let closing = false;
  const report = createReporter({
    log: own.log,
    refused,
    drop: (call) => {
      if (closing) dropped.push(call);
      return closing;
    },
  });

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
      // The rule needs the row of the station, so `authenticate` goes by it.
      isCertificateOf: () => true,
      ...(settings.tls.organization === null ? {} : { organizations: [settings.tls.organization] }),
      ...(settings.origins.includes("*") ? {} : { origins: settings.origins }),
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
      messageIds: settings.messageIds,
      noCommonVersion: settings.noCommonVersion,
      duplicates: settings.duplicates === "newest" ? "replace" : "refuse",
      report,
      ...(configuration.tracing.enabled ? { interceptors: [createTracing()] } : {}),
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
      if (cause === "certificate") {
        // A security event of the CSMS itself (A00.FR.408). The name is not proven.
        const why = error instanceof Error ? `${reason} (${error.message})` : reason;
        const text = `InvalidChargingStationCertificate: a connection from ${remoteAddress} was refused: ${why}`;
        refusals.write("certificate", text, identity);
      } else if (cause === "origin") {
        const text = `A connection from ${remoteAddress} was refused: its Origin header is not in webSocket.origins`;
        refusals.write("origin", text);
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

  return {
    url: main.url,
    secureUrl: secure?.url,
    port: main.port,
    securePort: secure?.port,
    updateTls: async () => {
      if (!secured) throw new TypeError("The gateway speaks no TLS");
      const changed = readTls(settings.tls, own.log, clock.now());
      if (settings.tls.enabled) main.updateTls(changed);
      secure?.updateTls(changed);
    },
    dropped,
    close: async (timeout) => {
      closing = true;
      losses.close();
      questions.close();
      refusals.close();
      const end = clock.now() + timeout;
      // A part of the time is for writing down that the stations are gone.
      const closed = Promise.all(servers.map((server) => server.close({ timeout: timeout * 0.8 })));
      const ended = await endsWithin(clock, closed, timeout * 0.9);
      refused.close();
      await endsWithin(clock, Promise.all([presence.settled(), messages.starts.settled()]), end - clock.now());
      return ended;
    },
  };
}
