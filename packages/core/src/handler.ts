import type { HandlerName, RequestOf, ResponseOf } from "./action-map.ts";
import type { AnyPeer, Peer } from "./peer.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Violation } from "./violation.ts";

/** What a handler gets beside the request. `Info` is what the server's `authenticate` returned. */
export interface Context<P extends Protocol, S extends Side, Info = unknown> {
  readonly action: string;
  readonly messageId: string;
  /** The identity of the station at one end of the connection. */
  readonly identity: string;
  /** What `authenticate` returned for this connection, `undefined` where nobody authenticates. */
  readonly info: Info;
  /** When the call arrived, in milliseconds since 1970. */
  readonly receivedAt: number;
  /**
   * The request as the JSON text that arrived, for who keeps messages as they came: the order of keys and the spelling of
   * numbers are the sender's. Cut out of the frame each time it is read.
   */
  readonly requestText: string;
  /**
   * Aborted when the deadline of the handler passes (`handlerTimeout`) or the peer is closed with `abortHandlers`: the handler has to stop. A
   * connection that goes does not abort it: what was received is handled to its end, since the other side may have sent
   * its last messages and hung up, and only the answer is dropped.
   */
  readonly signal: AbortSignal;
  /**
   * Aborted when the connection goes: from then on the response goes nowhere, `afterResponse` does not run and calls to the
   * peer reject. For handlers that only compute an answer and record nothing; a call may have been waiting while its
   * connection went, so it can be aborted from the beginning.
   */
  readonly connectionSignal: AbortSignal;
  /** What is wrong with the request, under the validation policy `report`. */
  readonly violation?: Violation | undefined;
  /**
   * The caller. A handler may call back and await the answer: while it does, the next call of the other side is handled, so
   * two sides that wait for each other do not block. Only where both have a call outstanding, and the handlers of both
   * call back, do they wait for a timeout: each side may have one call outstanding (OCPP-J 2.0.1 §4.1.1).
   */
  readonly peer: Peer<P, S, Info>;
  /**
   * Runs `task` once the response has been handed to the transport, in the order of registration; not at all where no
   * response leaves. For what must follow an answer, such as the StatusNotification after a TriggerMessage.
   */
  readonly afterResponse: (task: () => void | Promise<void>) => void;
}

/** The context of a handler whose protocol is not known to the compiler. */
export type AnyContext = Omit<Context<Protocol, Side>, "peer"> & { readonly peer: AnyPeer };

/**
 * Answers one action. It returns the response or throws: an `OcppError` travels as it is, anything else as InternalError
 * without a text of its own.
 */
export type Handler<Request, Response, C> = (request: Request, context: C) => Response | Promise<Response>;

/** A handler for every action that a side receives. */
export type Handlers<P extends Protocol, S extends Side, Info = unknown> = {
  readonly [K in HandlerName<P, S>]: Handler<RequestOf<P, K>, ResponseOf<P, K>, Context<P, S, Info>>;
};

/**
 * Serves the actions that the handler map leaves out. Only actions of the protocol reach it, with their requests
 * validated; an action that no schema describes is answered NotImplemented without asking.
 */
export type Fallback<P extends Protocol, S extends Side, Info = unknown> = (
  action: string,
  request: unknown,
  context: Context<P, S, Info>,
) => unknown;
