import type { AnyPeer, CloseOptions } from "@ocpp/core";
import type { SessionChanges, SessionState } from "./connect-options.ts";

/**
 * A station's lasting relation to its CSMS: one connection after the other, and a peer for each. It connects by itself,
 * again and again, until it is closed.
 */
export interface Session<P = AnyPeer> {
  /** The identity of the station. */
  readonly identity: string;
  readonly state: SessionState;
  /** The peer of the open connection; `undefined` while there is none. */
  readonly peer: P | undefined;
  /**
   * The first peer. Rejects with a HandshakeError where `reconnect` is `false` and the attempt failed, and with a
   * ConnectionError `closed` where the session was closed before; it need not be awaited.
   */
  readonly ready: Promise<P>;
  /**
   * The open peer and each later one, for `for await`; ends with the session. A peer that has come and gone while the loop
   * was busy is skipped. Each loop has its own view.
   */
  readonly peers: AsyncIterable<P>;
  /** Resolves when the session is over and every call that it received has been handled; never rejects. */
  readonly closed: Promise<void>;
  /** Changes options from the next attempt on. Throws as `connect` does, and then changes nothing. */
  configure(changes: SessionChanges<P>): void;
  /**
   * Changes options and connects anew at once, with a fresh back-off; calls in flight on the old connection finish first.
   * Resolves with the next peer; rejects with a ConnectionError `closed` where the session ends before, with the reason
   * where `reconnect` is `false` and the attempt failed. It need not be awaited. Throws as `connect` does.
   */
  reconnect(changes?: SessionChanges<P>): Promise<P>;
  /**
   * Ends the session in any state; calls in flight, and handlers of this connection and of earlier ones, get `timeout`
   * milliseconds to finish and are aborted then, unless `abortHandlers` is false. Resolves when the connection is gone and
   * no handler is left.
   */
  close(options?: CloseOptions): Promise<void>;
}
