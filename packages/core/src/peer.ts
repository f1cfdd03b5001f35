import type { Attempted, Callable, CallName, RequestOf, ResponseOf, Sendable, SendName } from "./action-map.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Interceptor } from "./interceptor.ts";
import { PeerEngine } from "./peer-engine.ts";
import { PeerHandle } from "./peer-handle.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Reporter } from "./report.ts";
import type { Transport } from "./transport.ts";

/** How one call is made. */
export interface CallOptions {
  /** Gives up on the call, queued or in flight: `call` rejects at once with a ConnectionError `aborted`. */
  readonly signal?: AbortSignal;
  /** Milliseconds from sending to the answer; the peer's `callTimeout` unless given. The wait in the queue is not counted. */
  readonly timeout?: number;
  /** The message id, where the caller keeps records by it. Must be new on this connection, at most 36 characters (else `call` rejects with a RangeError). */
  readonly messageId?: string;
  /** Told with the message id when the frame has been handed to the transport. What it throws is reported, not thrown. */
  readonly sent?: (messageId: string) => void;
}

/** How a connection ended: the code and the reason of WebSocket (RFC 6455 §7.4). */
export interface Closure {
  readonly code: number;
  readonly reason: string;
}

/** How a peer is closed. */
export interface CloseOptions {
  /** 1000 unless given. */
  readonly code?: number;
  readonly reason?: string;
  /** Milliseconds that calls in flight, in both directions, get to finish; 0 cuts them off. 10,000 unless given. */
  readonly timeout?: number;
}

/**
 * One end of one connection, for the side `S` of the protocol `P`. A peer belongs to its connection: when that goes, its
 * calls reject, its handlers' signals abort, and no answer ever leaves on a later connection.
 */
export interface Peer<P extends Protocol, S extends Side, Info = unknown> {
  /** The subprotocol; it tells the members of a union of peers apart. */
  readonly protocol: P["subprotocol"];
  readonly side: S;
  /** The identity of the station at one end of the connection. */
  readonly identity: string;
  /** What the server's `authenticate` returned; `undefined` on a client. */
  readonly info: Info;
  /** `closing` from `close()` on: calls in flight finish, no new one is taken. */
  readonly state: "open" | "closing" | "closed";
  /** Aborts when the connection goes. */
  readonly signal: AbortSignal;
  /** Resolves when the connection goes; never rejects. */
  readonly closed: Promise<Closure>;
  /** How many of our calls wait or are in flight. */
  readonly queued: number;
  /**
   * Asks the other side and resolves with its response. One call is outstanding at a time, the others wait in order.
   *
   * Rejects with an `OcppError` where the other side refused, a `ViolationError` where the request or the response does
   * not fit its schema, and a `ConnectionError` where there was no answer: `timeout`, `closed`, `aborted`,
   * `not-connected`, `overloaded` or `unserializable`. A rejection that nobody handles is dropped: a connection may go at
   * any time, and that must not end the process.
   */
  call<K extends Attempted<CallName<P, S>>>(
    action: Callable<P, S, K>,
    request: RequestOf<P, K>,
    options?: CallOptions,
  ): Promise<ResponseOf<P, K>>;
  /**
   * `call` for programs that know the action only when they run, such as a REST interface. Checked in the same way;
   * rejects with a TypeError that says what is wrong with the name.
   */
  callByName(action: string, request: unknown, options?: CallOptions): Promise<unknown>;
  /**
   * Sends a message that is never answered (2.1), also while a call is outstanding. Throws a `ViolationError` where it
   * does not fit its schema and a `ConnectionError` where it cannot be sent.
   */
  send<K extends Attempted<SendName<P, S>>>(action: Sendable<P, S, K>, request: RequestOf<P, K>): void;
  /**
   * Closes the connection after calls in flight have finished, and resolves when it is gone. A second `close` waits for
   * the first; with the timeout 0 it cuts it short.
   */
  close(options?: CloseOptions): Promise<Closure>;
}

/** A peer whose protocol is not known to the compiler: what all peers have in common. It calls by name. */
export type AnyPeer = Omit<Peer<Protocol, Side>, "call" | "send">;

/** The peer that belongs to an endpoint; for a union of endpoints a union of peers, told apart by `protocol`. */
export type PeerOf<E> = E extends Endpoint<infer P, infer S, infer Info> ? Peer<P, S, Info> : never;

/** How a peer behaves; all have defaults. */
export interface PeerOptions<Info = unknown> {
  /** The identity of the station; empty unless given. */
  readonly identity?: string;
  /** What handlers find as `context.info`. */
  readonly info?: Info;
  readonly clock?: Clock;
  /** Milliseconds that the other side has for an answer; 30,000 unless given. */
  readonly callTimeout?: number;
  /** Milliseconds that a handler has; then the call is answered with InternalError. 30,000 unless given. */
  readonly handlerTimeout?: number;
  /** How many of our calls may wait; 1,000 unless given. */
  readonly callLimit?: number;
  /** How many calls of the other side are handled at once; 1 unless given, which keeps their order. */
  readonly concurrency?: number;
  /** How many calls of the other side may wait for their handlers; the next is refused. 100 unless given. */
  readonly handlerLimit?: number;
  /** Wrapped around every exchange, outside of those of the endpoint. */
  readonly interceptors?: readonly Interceptor[];
  /** Told what the peer met and dealt with. */
  readonly report?: Reporter;
  /** Shown every frame as it came or as it left. What it throws is dropped. */
  readonly frames?: (direction: "inbound" | "outbound", text: string, identity: string) => void;
}

/**
 * Starts the RPC of one side over a transport. Throws a TypeError where the transport's subprotocol is not the
 * endpoint's: serving another version than was agreed is never right.
 */
export function connectPeer<P extends Protocol, S extends Side, Info>(
  transport: Transport,
  endpoint: Endpoint<P, S, Info>,
  options: PeerOptions<Info> = {},
): Peer<P, S, Info> {
  if (transport.subprotocol !== endpoint.protocol.subprotocol) {
    throw new TypeError(
      `The connection speaks ${transport.subprotocol}, the endpoint ${endpoint.protocol.subprotocol}`,
    );
  }
  const engine = new PeerEngine(transport, endpoint as unknown as Endpoint<Protocol, Side>, {
    ...options,
    identity: options.identity ?? "",
    clock: options.clock ?? systemClock,
  });
  transport.start(engine);
  return new PeerHandle(engine) as unknown as Peer<P, S, Info>;
}
