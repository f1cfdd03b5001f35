import type { Attempted, Callable, CallName, RequestOf, ResponseOf, Sendable, SendName } from "./action-map.ts";
import type { Clock } from "./clock.ts";
import type { MessageIdPolicy } from "./frame.ts";
import type { Interceptor } from "./interceptor.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Reporter } from "./report.ts";

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
  /**
   * Milliseconds that calls in flight, in both directions, get to finish before the connection is closed; 0 closes it at
   * once. 10,000 unless given.
   */
  readonly timeout?: number;
  /**
   * Whether handlers that have not finished when the time is up are aborted, and calls that wait for theirs dropped; each
   * is reported as `call-dropped`. For the end of the program. Unless given they go on after the connection is gone, and
   * their answers are dropped.
   */
  readonly abortHandlers?: boolean;
}

/**
 * One end of one connection, for the side `S` of the protocol `P`. A peer belongs to its connection: when that goes, its
 * calls reject, and no answer ever leaves on a later connection. The calls that it has received are handled to their end,
 * in order, without an answer.
 */
export interface Peer<P extends Protocol, S extends Side, Info = unknown> {
  /** The subprotocol; it tells the members of a union of peers apart. */
  readonly protocol: P["subprotocol"];
  readonly side: S;
  /** The identity of the station at one end of the connection. */
  readonly identity: string;
  /** What the server's `authenticate` returned; `undefined` on a client. */
  readonly info: Info;
  /** `closing` from `close()` on: calls in flight finish, no new one of ours is taken; those of the other side are served. */
  readonly state: "open" | "closing" | "closed";
  /** Aborts when the connection goes. */
  readonly signal: AbortSignal;
  /** Resolves when the connection goes; never rejects. */
  readonly closed: Promise<Closure>;
  /** Resolves when the connection is gone and every call that was received has been handled; never rejects. */
  readonly finished: Promise<void>;
  /** How many of our calls wait or are in flight. */
  readonly queued: number;
  /** How many calls of the other side are being handled or wait for it, also after the connection is gone. */
  readonly handling: number;
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
   * Closes the connection after calls in flight have finished, and resolves when it is gone; with `abortHandlers`, when no
   * handler is left either. A second `close` waits for the first; with the timeout 0 it cuts it short.
   */
  close(options?: CloseOptions): Promise<Closure>;
}

/** A peer whose protocol is not known to the compiler: what all peers have in common. It calls by name. */
export type AnyPeer = Omit<Peer<Protocol, Side>, "call" | "send">;

/** How a peer behaves; all have defaults. */
export interface PeerOptions<Info = unknown> {
  /** The identity of the station; empty unless given. */
  readonly identity?: string;
  /** What handlers find as `context.info`. */
  readonly info?: Info;
  readonly clock?: Clock;
  /** Milliseconds that the other side has for an answer; 30,000 unless given. */
  readonly callTimeout?: number;
  /**
   * Milliseconds that a handler has; then the call is answered with InternalError and reported as `call-dropped`. 30,000
   * unless given.
   */
  readonly handlerTimeout?: number;
  /** How many of our calls may wait; 1,000 unless given. */
  readonly callLimit?: number;
  /** How many calls of the other side are handled at once; 1 unless given, which keeps their order. */
  readonly concurrency?: number;
  /** How many calls of the other side may wait for their handlers; the next is refused. 100 unless given. */
  readonly handlerLimit?: number;
  /**
   * How many characters the frames of those may have together, so that long ones do not fill the memory; the next is refused
   * where others wait. 2,097,152 unless given.
   */
  readonly handlerBacklog?: number;
  /**
   * Which message ids of the other side are taken. `tolerant` takes strings of any length and numbers, and answers under
   * the id as it came; `strict` refuses what is no string of at most 36 characters, a call with a CALLERROR
   * RpcFrameworkError (OCPP-J 1.6 table 3, 2.0.1 and 2.1 §4.1.4, §4.2.3). `tolerant` unless given.
   */
  readonly messageIds?: MessageIdPolicy;
  /** Wrapped around every exchange, outside of those of the endpoint. */
  readonly interceptors?: readonly Interceptor[];
  /** Told what the peer met and dealt with. */
  readonly report?: Reporter;
  /** Shown every frame as it came or as it left. What it throws is dropped. */
  readonly frames?: (direction: "inbound" | "outbound", text: string, identity: string) => void;
}
