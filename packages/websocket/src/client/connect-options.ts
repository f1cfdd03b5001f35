import type { AnyPeer, Closure, ConnectionError, Endpoint, Peer, PeerOptions, Protocol, Side } from "@ocpp/core";
import type { PingOptions } from "../ping-options.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { HandshakeError } from "./handshake-error.ts";

/** A certificate or key: PEM text, or PEM or DER bytes. */
export type Pem = string | Uint8Array;

/** How TLS is done in Node; a browser has its own way. The names are those of Node's `tls.connect`. */
export interface TlsOptions {
  /** The authorities that are trusted, instead of those that Node brings. */
  readonly ca?: Pem | readonly Pem[];
  /** The client certificate with its chain, for security profile 3. */
  readonly cert?: Pem | readonly Pem[];
  /** The key of the client certificate. */
  readonly key?: Pem;
  /** Opens an encrypted key. */
  readonly passphrase?: string;
  /** `false` accepts any server: for test benches only. */
  readonly rejectUnauthorized?: boolean;
  /** The name that the server's certificate must be for; the host of the URL unless given. */
  readonly servername?: string;
  /** `TLSv1.2` unless given, as the security profiles demand. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3";
  readonly ciphers?: string;
}

/**
 * Where a session is: `connecting`, `open` (there is a peer), `waiting` for the next attempt, `closing` (calls in flight
 * finish), `closed` (for good).
 */
export type SessionState = "connecting" | "open" | "waiting" | "closing" | "closed";

/** An attempt that failed, or a connection that was lost. */
export interface Failure {
  /** What went wrong: a HandshakeError for an attempt, a ConnectionError `closed` for a connection. */
  readonly error: HandshakeError | ConnectionError;
  /** How many attempts have failed in a row; 0 for a connection that was lost. */
  readonly attempt: number;
  /** Milliseconds until the next attempt; `undefined` where there is none. */
  readonly retryIn: number | undefined;
  /** How the connection ended, where one was lost. */
  readonly closure: Closure | undefined;
}

/** How a session connects and what its peers do; all have defaults. Times are in milliseconds. */
export interface ConnectOptions<P = AnyPeer> extends Omit<PeerOptions, "info"> {
  /**
   * The identity of the station, appended to the path of the URL. Without it the last segment of the path is the identity.
   * At most 48 characters, no colon; see OCPP-J 2.0.1 §3.1.1.
   */
  readonly identity?: string;
  /**
   * The password of Basic authentication; the user name is the identity. A text, or the bytes of a binary key (OCPP 1.6).
   * Not in browsers: use `ticket` there.
   */
  readonly password?: string | Uint8Array;
  /** More headers for the opening request. Not in browsers. */
  readonly headers?: { readonly [name: string]: string };
  /** Not in browsers. */
  readonly tls?: TlsOptions;
  /** An `http.Agent` or `https.Agent`, such as one that goes through a proxy. Not in browsers. */
  readonly agent?: object;
  /**
   * A credential in the query of the URL, for browsers, which can send no headers. A function is asked before every
   * attempt, so that a ticket may be short-lived. Queries end up in logs of servers: let tickets be used once.
   */
  readonly ticket?: string | (() => string | Promise<string>);
  /** The name of the query parameter of `ticket`; `ticket` unless given. */
  readonly ticketParameter?: string;
  /** The back-off between attempts; `false` for one attempt only, after which, or after whose connection, the session is closed. */
  readonly reconnect?: false | BackoffOptions;
  /** How dead connections are found; `false` to do without. Nothing happens in browsers, which cannot ping. */
  readonly ping?: false | PingOptions;
  /**
   * Sends a Heartbeat that often, where the endpoint can, and ends the connection when one is not answered within
   * `callTimeout`. For browsers, which cannot ping; off unless given.
   */
  readonly heartbeat?: number;
  /** How long an attempt may take; 30,000 unless given. */
  readonly handshakeTimeout?: number;
  /** The most bytes of a frame that arrives; a larger one closes the connection with 1009. 1 MiB unless given. Not in browsers. */
  readonly maxPayload?: number;
  /** Whether to offer compression (permessage-deflate, OCPP-J 2.0.1 §3.3); not unless given. A browser always does. */
  readonly compression?: boolean;
  /** Handed each new peer before anything that the other side sends is handled. */
  readonly onPeer?: (peer: P) => void | Promise<void>;
  /** Told of each change of state. */
  readonly onState?: (state: SessionState) => void | Promise<void>;
  /** Told of each attempt that failed and each connection that was lost, and when the next attempt comes. */
  readonly onFailure?: (failure: Failure) => void | Promise<void>;
}

/** The endpoint that belongs to a peer. */
export type EndpointOf<P> = P extends Peer<infer Q, infer S, infer Info> ? Endpoint<Q, S, Info> : never;

/** What may change during a session; `undefined` takes an option back. */
export type SessionChanges<P = AnyPeer> = {
  readonly [K in Exclude<keyof ConnectOptions, `on${string}` | "clock">]?: ConnectOptions<P>[K] | undefined;
} & { readonly url?: string | URL; readonly endpoints?: readonly EndpointOf<P>[] };

/** Everything that a session goes by. */
export interface Settings extends ConnectOptions {
  readonly url: string | URL;
  readonly endpoints: readonly Endpoint<Protocol, Side>[];
}
