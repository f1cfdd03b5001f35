import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerEvents, ServerListener } from "./server-events.ts";
import type { TlsOptions } from "./tls.ts";

/** How a server is closed. */
export interface ServerCloseOptions {
  /**
   * Milliseconds until everything has ended, 100 at least; 10,000 unless given. Calls in flight, in both directions, and
   * handlers get all of it but the last second (the last quarter of a short one), which belongs to the closing handshakes.
   * What has not finished by then is cut off; calls that were received and not handled are reported as `call-dropped`.
   */
  readonly timeout?: number;
  /** The code that stations get; 1001 unless given. */
  readonly code?: number;
  readonly reason?: string;
}

/** The stations that are connected. Each is listed once, by its newest connection. */
export interface Peers<P> extends Iterable<P> {
  /** How many there are. */
  readonly size: number;
}

/** A server of OCPP-J. `P` are its peers, one for each version that it serves. */
export interface OcppServer<P> {
  /** Where it listens; `undefined` while it does not, and for a Unix socket. */
  readonly address: AddressInfo | undefined;
  /** The port that it listens on; 0 while it does not. */
  readonly port: number;
  /** The URL that stations append their identity to, such as `ws://127.0.0.1:9000/ocpp`; empty while it does not listen. */
  readonly url: string;
  /** The stations that are connected. */
  readonly peers: Peers<P>;
  /** The station of that identity; `undefined` where it is not connected. Ask anew for each command. */
  peer(identity: string): P | undefined;
  /** Adds a listener; what is returned takes it away again. */
  on<K extends keyof ServerEvents<P>>(event: K, listener: ServerListener<ServerEvents<P>[K]>): () => void;
  /** Takes over an upgrade request, as the `upgrade` event of an `http.Server` hands it out. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Changes certificates, keys and authorities for the connections to come; those that are open stay. What is left out is
   * gone, so give the authorities again. Throws where the
   * server has no TLS of its own, and where a certificate and its key do not fit.
   */
  updateTls(tls: TlsOptions): void;
  /**
   * Closes the server: new connections are refused with 503, calls in flight finish, stations are closed with 1001, and
   * the port is given back. Resolves when all sockets are gone and everything that was received has been handled, within
   * its timeout. A server that it was attached to stays as it is. A second call joins the first; with the timeout 0 it
   * cuts it short.
   */
  close(options?: ServerCloseOptions): Promise<void>;
}
