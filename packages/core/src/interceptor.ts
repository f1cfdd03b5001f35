import type { Side } from "./protocol.ts";

/** One call or send on its way through a peer, in either direction. */
export interface Exchange {
  /** `inbound`: the other side asked and we answer; `outbound`: we ask. */
  readonly direction: "inbound" | "outbound";
  /** `call` is answered, `send` (2.1) is not. */
  readonly kind: "call" | "send";
  readonly action: string;
  readonly messageId: string;
  /** The request; inbound it has not been validated yet. */
  readonly request: unknown;
  /** The identity of the station at one end of the connection. */
  readonly identity: string;
  /** The side that we are. */
  readonly side: Side;
  /** The subprotocol of the connection. */
  readonly protocol: string;
}

/** Carries an exchange on and gives its response; rejects as the call or the handler does. */
export type Next = (exchange: Exchange) => Promise<unknown>;

/**
 * Wraps every exchange of a peer, both ways: for logs, metrics, traces, rate limits. It calls `next` at most once, may
 * hand it a changed request, and may refuse an inbound call by throwing an `OcppError`. The first of a list is outermost.
 */
export type Interceptor = (next: Next) => Next;
