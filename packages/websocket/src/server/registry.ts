import type { AnyPeer } from "@ocpp/core";
import type { Connection } from "./connection.ts";

/**
 * The connections of a server: every socket, of each identity the one that counts, and the peers whose sockets are gone while
 * calls that they received are still being handled.
 */
export class Registry {
  /** Every connection whose socket is not gone yet, also those that were replaced. */
  readonly sockets: Set<Connection> = new Set();
  readonly #current = new Map<string, Connection>();
  readonly #unfinished = new Map<string, Set<AnyPeer>>();
  readonly #unfinishedLimit: number;
  #whenEmpty: (() => void) | undefined;

  /**
   * `unfinishedLimit`: how many calls of connections that are gone may wait for one identity; beyond it the calls of the
   * oldest connection are dropped, so that a station that calls and hangs up again and again fills no memory.
   */
  constructor(unfinishedLimit: number) {
    this.#unfinishedLimit = unfinishedLimit;
  }

  /** How many stations are connected. */
  get size(): number {
    return this.#current.size;
  }

  /** The connection of a station that counts. */
  of(identity: string): Connection | undefined {
    return this.#current.get(identity);
  }

  current(): IterableIterator<Connection> {
    return this.#current.values();
  }

  /** Makes a connection the one that counts for its identity. */
  register(connection: Connection): void {
    this.#current.set(connection.identity, connection);
  }

  /** Takes out a connection that serves no more, unless another has taken its place. */
  unregister(connection: Connection): void {
    if (this.#current.get(connection.identity) === connection) this.#current.delete(connection.identity);
  }

  /** Forgets a connection whose socket is gone; its peer stays until it has handled what it received. */
  forget(connection: Connection): void {
    this.sockets.delete(connection);
    if (connection.peer !== undefined && connection.peer.handling > 0)
      this.#finish(connection.identity, connection.peer);
    if (this.sockets.size === 0) this.#whenEmpty?.();
  }

  /** All peers that may be at work, those of connections that were replaced or are gone among them. */
  *peers(): Generator<AnyPeer> {
    for (const { peer } of this.sockets) if (peer !== undefined) yield peer;
    for (const peers of this.#unfinished.values()) yield* peers;
  }

  /** Resolves when no socket is left. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      if (this.sockets.size === 0) resolve();
      else this.#whenEmpty = resolve;
    });
  }

  #finish(identity: string, peer: AnyPeer): void {
    const peers = this.#unfinished.get(identity) ?? new Set();
    this.#unfinished.set(identity, peers.add(peer));
    void peer.finished.then(() => {
      peers.delete(peer);
      if (peers.size === 0 && this.#unfinished.get(identity) === peers) this.#unfinished.delete(identity);
    });
    let calls = 0;
    for (const { handling } of peers) calls += handling;
    for (const oldest of peers) {
      if (calls <= this.#unfinishedLimit) return;
      calls -= oldest.handling;
      void oldest.close({ timeout: 0, abortHandlers: true });
    }
  }
}
