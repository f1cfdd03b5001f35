import type { Connection } from "./connection.ts";

/** The connections of a server: every socket, and of each identity the one that counts. */
export class Registry {
  /** Every connection whose socket is not gone yet, also those that were replaced. */
  readonly sockets: Set<Connection> = new Set();
  readonly #current = new Map<string, Connection>();
  #whenEmpty: (() => void) | undefined;

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

  /** Forgets a connection whose socket is gone. */
  forget(connection: Connection): void {
    this.sockets.delete(connection);
    if (this.sockets.size === 0) this.#whenEmpty?.();
  }

  /** Resolves when no socket is left. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      if (this.sockets.size === 0) resolve();
      else this.#whenEmpty = resolve;
    });
  }
}
