import type { HandlerName, RequestOf, ResponseOf } from "./action-map.ts";
import type { Peer } from "./peer.ts";
import type { Protocol, Side, Violation } from "./protocol.ts";

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
   * Aborted when the connection goes or the deadline of the handler passes. From then on the handler's result goes
   * nowhere, so it may as well stop.
   */
  readonly signal: AbortSignal;
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
