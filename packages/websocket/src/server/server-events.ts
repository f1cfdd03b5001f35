import { watchRejection } from "@ocpp/core";
import { warn } from "../warning.ts";
import type { RefusalCause } from "./connection-refusal.ts";

/** What a server tells, by the name of the event. `P` are its peers. */
export interface ServerEvents<P> {
  /** A station is connected and served. */
  opened: { readonly peer: P; readonly remoteAddress: string };
  /** A station has connected anew: `peer` is closed, and `by` is what reaches the station from now on. */
  replaced: { readonly peer: P; readonly by: P };
  /** A connection serves no more, for whatever reason. */
  closed: { readonly peer: P; readonly code: number; readonly reason: string };
  /** A connection was refused. `status` is that of the HTTP response; absent where there was none. */
  refused: {
    readonly cause: RefusalCause;
    readonly status: number | undefined;
    /** Empty where it is not known any more, as after a TLS handshake that failed. */
    readonly remoteAddress: string;
    /** The identity that the other side gave, where it came to that. Nobody has shown that it is theirs. */
    readonly identity: string | undefined;
    /** What the other side was told, or why it was not. */
    readonly reason: string;
    /** What `authenticate` threw, or what went wrong with TLS. */
    readonly error: unknown;
  };
}

/**
 * Hears of an event. What it throws, or rejects with, becomes a warning: a listener must not change what a server
 * does.
 */
export type ServerListener<T> = (event: T) => void | Promise<void>;

type Listeners<P> = { readonly [K in keyof ServerEvents<P>]: Set<ServerListener<ServerEvents<P>[K]>> };

/** Who listens to a server. */
export class ServerListeners<P> {
  readonly #listeners: Listeners<P> = {
    opened: new Set(),
    replaced: new Set(),
    closed: new Set(),
    refused: new Set(),
  };

  /** Adds a listener; what is returned takes it away again. */
  add<K extends keyof ServerEvents<P>>(event: K, listener: ServerListener<ServerEvents<P>[K]>): () => void {
    const listeners: Set<ServerListener<ServerEvents<P>[K]>> | undefined = Object.hasOwn(this.#listeners, event)
      ? this.#listeners[event]
      : undefined;
    if (listeners === undefined) throw new TypeError(`A server has no event ${JSON.stringify(event)}`);
    const own: ServerListener<ServerEvents<P>[K]> = (told) => listener(told);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  }

  /** Tells the listeners of an event; whether there were any. */
  tell<K extends keyof ServerEvents<P>>(event: K, told: ServerEvents<P>[K]): boolean {
    const failed = (error: unknown): void => {
      warn(`A listener of the event ${event} failed`, error);
    };
    const listeners = Array.from(this.#listeners[event]);
    for (const listener of listeners) {
      try {
        watchRejection(listener(told), failed);
      } catch (error) {
        failed(error);
      }
    }
    return listeners.length > 0;
  }
}
