import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Endpoint, Peer, PeerOptions, Protocol, Side } from "@ocpp/core";
import type { AdmissionOptions } from "./admission-rules.ts";
import type { Authenticate } from "./authentication.ts";
import type { CallLimitOptions } from "./call-limit.ts";
import type { CompressionOptions } from "./compression.ts";
import type { LivenessOptions } from "./liveness.ts";
import type { TlsOptions } from "./tls.ts";
import type { Rate } from "./token-bucket.ts";

/**
 * How stations are served. Only `endpoints` must be given, and where the server is to be found: `port` for one of its own,
 * `server` to attach to one that there is, neither to be handed upgrades with `handleUpgrade`. Times are in milliseconds.
 */
export interface ServeOptions<E extends readonly Endpoint<Protocol, Side, never>[], Info extends object | undefined>
  extends AdmissionOptions,
    CallLimitOptions,
    LivenessOptions,
    Omit<PeerOptions, "identity" | "info"> {
  /** The versions that are served, one endpoint each. Of those that a station offers, the first one counts. */
  readonly endpoints: E;
  /** Decides who is let in. Without it everybody is, and nobody's password is looked at. */
  readonly authenticate?: Authenticate<Info>;
  /** The port to listen on; 0 for any that is free. */
  readonly port?: number;
  /** The address to listen on; all of them unless given. */
  readonly host?: string;
  /** Certificates and keys, for a server of its own that speaks TLS. */
  readonly tls?: TlsOptions;
  /** A server to attach to. Requests that are no upgrade are left to it, and so are upgrades of other paths. */
  readonly server?: HttpServer | HttpsServer;
  /**
   * What happens when a station connects that is connected already: `replace` closes the old connection (with 4001),
   * `refuse` keeps it (409), which locks a station out until its dead connection is noticed. `replace` unless given.
   */
  readonly duplicates?: "replace" | "refuse";
  /** How long TLS, the opening request, and then `authenticate` may take, each; 10,000 unless given. */
  readonly handshakeTimeout?: number;
  /** The most connections at a time, with those that are being made; the next gets a 503. No limit unless given. */
  readonly maxConnections?: number;
  /** How often an address may connect; then it gets a 429. No limit unless given: stations share addresses. */
  readonly attemptRate?: Rate;
  /** The most bytes of a message that arrives; a larger one closes the connection with 1009. 1 MiB unless given. */
  readonly maxPayload?: number;
  /** The most bytes that may wait to be read by a station; then its connection is cut. 4 MiB unless given. */
  readonly maxBuffered?: number;
  /** Offered unless it is `false`, since OCPP 2.0.1 requires a CSMS to (OCPP-J 2.0.1 §3.3). */
  readonly compression?: boolean | CompressionOptions;
}

/** The `Info` that the handlers of some endpoints expect; `unknown` where none of them does. */
export type NeededInfo<E> = [E] extends [Endpoint<Protocol, Side, infer Info>] ? Info : never;

/**
 * Demands an `authenticate` that returns what the handlers expect, where it does not, and one that always returns an
 * object, where it may return nothing. `object | undefined` as a whole is what stands where there is no `authenticate`.
 */
export type Authenticating<E extends readonly unknown[], Info> = [Info] extends [NeededInfo<E[number]>]
  ? undefined extends Info
    ? [Info] extends [undefined]
      ? unknown
      : object extends Info
        ? unknown
        : { readonly authenticate: Authenticate<Info & object> }
    : unknown
  : { readonly authenticate: Authenticate<NeededInfo<E[number]>> };

/** The peers of a server with the endpoints `E` whose `authenticate` returns `Info`: a union told apart by `protocol`. */
export type ServedPeer<E, Info> = E extends Endpoint<infer P, infer S, never> ? Peer<P, S, Info> : never;
