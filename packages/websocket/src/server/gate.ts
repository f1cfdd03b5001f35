import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type AnyPeer, type Clock, connectPeer, type PeerOptions, type Protocol, type Sink } from "@ocpp/core";
import { type WebSocket, WebSocketServer } from "ws";
import { warn } from "../warning.ts";
import { type Admission, examine, originOfRequest } from "./admission.ts";
import type { AdmissionRules } from "./admission-rules.ts";
import { type Authenticate, askAuthenticate, PendingHandshake } from "./authentication.ts";
import type { CallLimit } from "./call-limit.ts";
import { closeCode } from "./close-code.ts";
import { Connection, type ConnectionHost } from "./connection.ts";
import { type ConnectionRefusal, refusal } from "./connection-refusal.ts";
import { writeRefusal } from "./http-refusal.ts";
import type { Liveness } from "./liveness.ts";
import type { Registry } from "./registry.ts";
import type { ServerListeners } from "./server-events.ts";
import type { TokenBuckets } from "./token-bucket.ts";
import { type Origin, plainAddress } from "./trusted-proxy.ts";

/** What the gate goes by. */
export interface GateOptions {
  readonly clock: Clock;
  readonly authenticate: Authenticate<object | undefined> | undefined;
  readonly handshakeTimeout: number;
  readonly keepOldest: boolean;
  readonly maxConnections: number;
  readonly attempts: TokenBuckets | undefined;
  readonly maxBuffered: number;
  readonly callLimit: CallLimit | undefined;
  /** Options of `ws`. */
  readonly webSocket: { readonly maxPayload: number; readonly perMessageDeflate: object | false };
  readonly peer: PeerOptions;
}

function ignore(): void {
  // An error of a socket is followed by its `close`; without a listener it would end the process.
}

const draining: ConnectionRefusal = refusal("draining", 503, "The server is closing: try again later");

/** Stands for the version of a connection that has none in common with us, and is closed at once. */
const noProtocol: Pick<Protocol, "subprotocol"> = { subprotocol: "" };

/** Lets stations in, or not, and keeps the registry. */
export class Gate implements ConnectionHost {
  readonly maxBuffered: number;
  readonly callLimit: CallLimit | undefined;
  readonly #rules: AdmissionRules;
  readonly #options: GateOptions;
  readonly #registry: Registry;
  readonly #liveness: Liveness;
  readonly #listeners: ServerListeners<AnyPeer>;
  readonly #webSockets: WebSocketServer;
  readonly #pending = new Set<PendingHandshake>();
  /** The subprotocol of each request that is being upgraded; empty where none is to be chosen. */
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();
  #arrivals = 0;
  #draining = false;

  constructor(
    rules: AdmissionRules,
    options: GateOptions,
    registry: Registry,
    liveness: Liveness,
    listeners: ServerListeners<AnyPeer>,
  ) {
    this.#rules = rules;
    this.#options = options;
    this.#registry = registry;
    this.#liveness = liveness;
    this.#listeners = listeners;
    this.maxBuffered = options.maxBuffered;
    this.callLimit = options.callLimit;
    this.#webSockets = new WebSocketServer({
      ...options.webSocket,
      noServer: true,
      clientTracking: false,
      handleProtocols: (_offered, request) => this.#subprotocols.get(request) || false,
    });
    this.#webSockets.on("wsClientError", (error, socket, request) => {
      const refused = refusal("request", 400, "The Sec-WebSocket-Extensions header is not acceptable", { error });
      this.#refuse(socket, refused, plainAddress(request.socket.remoteAddress));
    });
  }

  get tick(): number {
    return this.#liveness.tick;
  }

  get closingTicks(): number {
    return this.#liveness.closingTicks;
  }

  /** Takes over an upgrade request. Never throws. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", ignore);
    this.#arrivals += 1;
    this.#admit(request, socket, head, this.#arrivals).catch((error: unknown) => {
      socket.destroy();
      warn("An opening request could not be handled", error);
    });
  }

  /** Lets nobody in any more. */
  shut(): void {
    this.#draining = true;
    for (const pending of this.#pending) pending.stop(draining);
  }

  /** Reports a refusal that happened outside of the gate, in TLS. */
  tellRefused({ cause, status, text, error }: ConnectionRefusal, address: string, identity?: string): void {
    const told = this.#listeners.tell("refused", {
      cause,
      status,
      remoteAddress: address,
      identity,
      reason: text,
      error,
    });
    if (!told && (cause === "authenticate-failed" || cause === "authenticate-timeout")) warn(text, error);
  }

  ended(connection: Connection, sink: Sink | undefined, code: number, reason: string): void {
    this.#registry.unregister(connection);
    sink?.closed(code, reason);
    if (connection.peer !== undefined) this.#listeners.tell("closed", { peer: connection.peer, code, reason });
  }

  gone(connection: Connection): void {
    this.#registry.forget(connection);
    this.#liveness.rest();
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer, arrival: number): Promise<void> {
    const origin = originOfRequest(this.#rules, request, socket);
    const admission = this.#crowded(origin) ?? this.#examine(request, socket, origin);
    if ("cause" in admission) {
      if (admission.status === 101) this.#turnAway(request, socket, head, origin, arrival);
      else this.#refuse(socket, admission, origin.address);
      return;
    }
    const { identity } = admission.request;
    const verdict = await this.#authenticate(admission, socket);
    const refused = "cause" in verdict ? verdict : this.#outdated(identity, arrival);
    if (refused !== undefined) {
      this.#refuse(socket, refused, origin.address, identity);
      return;
    }
    this.#upgrade(request, socket, head, admission.request.subprotocol, (webSocket) => {
      this.#open(webSocket, admission, "info" in verdict ? verdict.info : undefined, arrival);
    });
  }

  #crowded({ address }: Origin): ConnectionRefusal | undefined {
    const { maxConnections, attempts, clock } = this.#options;
    if (this.#draining) return draining;
    const retry = { headers: { "Retry-After": "60" } };
    if (this.#registry.sockets.size + this.#pending.size >= maxConnections) {
      return refusal("connections", 503, "There are too many connections: try again later", retry);
    }
    const now = clock.now();
    return attempts?.of(address, now).take(now) === false
      ? refusal("attempts", 429, "There were too many attempts: try again later", retry)
      : undefined;
  }

  #examine(request: IncomingMessage, socket: Duplex, origin: Origin): Admission | ConnectionRefusal {
    try {
      return examine(this.#rules, request, socket, origin);
    } catch (error) {
      // One of the functions among the options threw.
      return refusal("authenticate-failed", 500, "The request could not be examined", { error });
    }
  }

  async #authenticate(
    { request }: Admission,
    socket: Duplex,
  ): Promise<{ readonly info: object | undefined } | ConnectionRefusal> {
    const { authenticate, clock, handshakeTimeout } = this.#options;
    if (authenticate === undefined) return { info: undefined };
    const pending = new PendingHandshake();
    const hangUp = (): void => {
      pending.stop(refusal("hung-up", undefined, "The station has hung up"));
    };
    this.#pending.add(pending);
    socket.once("end", hangUp);
    socket.once("close", hangUp);
    try {
      return await askAuthenticate(authenticate, request, pending, clock, handshakeTimeout);
    } finally {
      this.#pending.delete(pending);
      socket.removeListener("end", hangUp);
      socket.removeListener("close", hangUp);
    }
  }

  /** Requests may overtake each other while `authenticate` is at work; the one that was made last counts. */
  #outdated(identity: string, arrival: number): ConnectionRefusal | undefined {
    if (this.#draining) return draining;
    const other = this.#registry.of(identity);
    if (other === undefined || (other.arrival < arrival && !this.#options.keepOldest)) return undefined;
    return refusal("duplicate", 409, "The station has another connection");
  }

  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    subprotocol: string,
    done: (webSocket: WebSocket) => void,
  ): void {
    this.#subprotocols.set(request, subprotocol);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // `ws` listens from now on.
      socket.removeListener("error", ignore);
      done(webSocket);
    });
  }

  #open(webSocket: WebSocket, { endpoint, request }: Admission, info: object | undefined, arrival: number): void {
    const { identity, remoteAddress } = request;
    const connection = new Connection(this, webSocket, {
      identity,
      address: remoteAddress,
      protocol: endpoint.protocol,
      arrival,
    });
    const peer = connectPeer(connection, endpoint, { ...this.#options.peer, identity, info });
    connection.peer = peer;
    const old = this.#registry.of(identity);
    this.#registry.sockets.add(connection);
    this.#registry.register(connection);
    this.#liveness.watch(connection);
    if (old?.peer !== undefined) {
      this.#listeners.tell("replaced", { peer: old.peer, by: peer });
      old.end(closeCode.replaced, "The station has connected anew");
    }
    this.#listeners.tell("opened", { peer, remoteAddress });
  }

  /** Completes the handshake without a subprotocol and closes at once, as OCPP-J 2.0.1 §3.2 demands. */
  #turnAway(request: IncomingMessage, socket: Duplex, head: Buffer, { address }: Origin, arrival: number): void {
    this.#upgrade(request, socket, head, "", (webSocket) => {
      const connection = new Connection(this, webSocket, {
        identity: "",
        address,
        protocol: noProtocol as Protocol,
        arrival,
      });
      this.#registry.sockets.add(connection);
      this.#liveness.watch(connection);
      connection.close(closeCode.noSubprotocol, "No OCPP version in common");
      this.tellRefused(refusal("subprotocol", 101, "No OCPP version in common"), address);
    });
  }

  #refuse(socket: Duplex, refused: ConnectionRefusal, address: string, identity?: string): void {
    writeRefusal(socket, refused);
    this.tellRefused(refused, address, identity);
  }
}
