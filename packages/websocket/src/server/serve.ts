import { type AnyPeer, type Endpoint, type PeerOptions, type Protocol, type Side, systemClock } from "@ocpp/core";
import { warnOfReport } from "../warning.ts";
import { admissionRules } from "./admission-rules.ts";
import { CallLimit } from "./call-limit.ts";
import { expiredJudge } from "./certificates/expired-certificate.ts";
import { deflateOptions } from "./compression.ts";
import { type Drain, startDrain } from "./drain.ts";
import { Gate } from "./gate.ts";
import { Liveness } from "./liveness.ts";
import { type AnyEndpoint, endpointTable } from "./negotiation.ts";
import type { OcppServer } from "./ocpp-server.ts";
import { place, urlOf } from "./placement.ts";
import { Registry } from "./registry.ts";
import type { Authenticating, ServedPeer, ServeOptions } from "./serve-options.ts";
import { ServerListeners } from "./server-events.ts";
import { checkRate, TokenBuckets } from "./token-bucket.ts";

/** The options with their types erased. */
type AnyOptions = ServeOptions<readonly AnyEndpoint[], object | undefined>;

function checkLimit(name: string, value: number): number {
  if (!(value > 0)) throw new RangeError(`${name} must be above 0`);
  return value;
}

/** The options that every peer gets, and nothing else: what is left out here is kept for no connection. */
function peerOptions(options: PeerOptions): PeerOptions {
  const names = [
    "callTimeout",
    "handlerTimeout",
    "callLimit",
    "concurrency",
    "handlerLimit",
    "handlerBacklog",
    "messageIds",
    "interceptors",
    "frames",
  ];
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}

async function startServer(options: AnyOptions): Promise<OcppServer<AnyPeer>> {
  const { clock = systemClock, report = warnOfReport, tls, attemptRate } = options;
  const handshakeTimeout = checkLimit("handshakeTimeout", options.handshakeTimeout ?? 10_000);
  if (tls?.expiredCertificates === "ask" && options.authenticate === undefined) {
    throw new TypeError("expiredCertificates: somebody has to be asked; give an `authenticate`");
  }
  let forgives = expiredJudge(tls);
  const rules = admissionRules(endpointTable(options.endpoints), options, {
    authenticated: options.authenticate !== undefined,
    authorities: tls?.ca !== undefined,
    forgivesExpired: (certificate) => forgives(certificate),
  });
  checkRate("attemptRate", attemptRate);
  const registry = new Registry(2 * (options.handlerLimit ?? 100));
  const liveness = new Liveness(clock, registry.sockets, options);
  const listeners = new ServerListeners<AnyPeer>();
  const gate = new Gate(
    rules,
    {
      clock,
      authenticate: options.authenticate,
      handshakeTimeout,
      keepOldest: options.duplicates === "refuse",
      maxConnections: checkLimit("maxConnections", options.maxConnections ?? Infinity),
      attempts: attemptRate === undefined ? undefined : new TokenBuckets(attemptRate),
      maxBuffered: checkLimit("maxBuffered", options.maxBuffered ?? 4 * 1_024 * 1_024),
      callLimit: CallLimit.of(clock, { ...options, report }),
      webSocket: {
        maxPayload: checkLimit("maxPayload", options.maxPayload ?? 1_024 * 1_024),
        perMessageDeflate: deflateOptions(options.compression),
      },
      peer: { ...peerOptions(options), clock, report },
    },
    registry,
    liveness,
    listeners,
  );
  const placement = await place(options, rules, handshakeTimeout, gate);
  let drain: Drain | undefined;

  return {
    get address() {
      return placement.address;
    },
    get port() {
      return placement.address?.port ?? 0;
    },
    get url() {
      return urlOf(placement, rules.path);
    },
    peers: {
      get size() {
        return registry.size;
      },
      *[Symbol.iterator]() {
        for (const { peer } of registry.current()) if (peer !== undefined) yield peer;
      },
    },
    peer: (identity) => registry.of(identity)?.peer,
    on: (event, listener) => listeners.add(event, listener),
    handleUpgrade: (request, socket, head) => {
      gate.handle(request, socket, head);
    },
    updateTls: (changed) => {
      const changedJudge = expiredJudge(changed);
      placement.updateTls(changed);
      forgives = changedJudge;
    },
    close: (closeOptions = {}) => {
      if (drain === undefined) drain = startDrain(gate, registry, placement, clock, closeOptions);
      else if (closeOptions.timeout === 0) drain.cut();
      return drain.done;
    },
  };
}

/**
 * Starts a server of OCPP-J and resolves when it listens.
 *
 * Rejects with a ListenError where the port cannot be opened, and with a TypeError or RangeError where the options cannot
 * be meant, such as two endpoints of one version, or passwords that nobody would check.
 */
export async function serve<
  const E extends readonly Endpoint<Protocol, Side, never>[],
  Info extends object | undefined = undefined,
>(options: ServeOptions<E, Info> & Authenticating<E, Info>): Promise<OcppServer<ServedPeer<E[number], Info>>> {
  return (await startServer(options as unknown as AnyOptions)) as unknown as OcppServer<ServedPeer<E[number], Info>>;
}
