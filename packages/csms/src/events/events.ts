import type { Write, WriteQuery } from "../store/store.ts";

/** What can happen. Kinds are words with a dot, so that a filter can name a family by what stands before it. */
export type EventKind =
  | "station.registered"
  | "station.changed"
  | "station.removed"
  | "station.refused"
  | "station.connected"
  | "station.disconnected"
  | "station.online"
  | "station.offline"
  | "station.booted"
  | "station.heartbeat"
  | "station.security"
  | "station.notified"
  | "connector.status"
  | "token.authorized"
  | "token.changed"
  | "token.removed"
  | "token.erased"
  | "transaction.started"
  | "transaction.updated"
  | "transaction.ended"
  | "transaction.corrected"
  | "transaction.stop-failed"
  | "meter.values"
  | "command.new"
  | "command.sent"
  | "command.completed"
  | "command.failed"
  | "job.started"
  | "job.finished"
  | "reservation.changed"
  | "data.transferred"
  | "background.finished"
  | "system.log";

/**
 * Something that happened. `data` is JSON, and holds no secrets. Of data that has more than 262,144 characters, the short
 * members are kept, with `truncated`, the `length` of the whole in bytes and its `digest` (SHA-256, hex).
 */
export interface CsmsEvent {
  readonly id: number;
  readonly stationId: string | null;
  readonly kind: EventKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly data: unknown;
}

/** An event that is not kept yet. */
export type NewEvent = Pick<CsmsEvent, "stationId" | "kind" | "data">;

/** Which events somebody wants. A kind may be a family, such as `transaction`. Nothing given means all. */
export interface EventFilter {
  readonly stations?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
}

/** Keeps what happens together with the change that it tells of, and tells whoever listens. */
export interface Events {
  /**
   * Keeps the writes and the events as one, and resolves when they are durable, with the rows that each write changed;
   * then the listeners are told. Rejects as `Store.write` does, and then nobody is told.
   */
  commit(writes: readonly (Write | WriteQuery)[], events: readonly NewEvent[]): Promise<readonly number[]>;
  /**
   * Keeps an event that nobody waits for, with the next commit, and tells the listeners then. Where too much is on its way
   * to the store, it is dropped, which is logged.
   */
  append(event: NewEvent): void;
  /** Adds a listener, which is told in the order of ids and must not throw; what is returned takes it away. */
  subscribe(listener: (event: CsmsEvent) => void): () => void;
  /** The kept events after an id, in order, at most `limit` and about half a mebibyte: none only where there are no more. */
  after(id: number, filter: EventFilter, limit: number): Promise<CsmsEvent[]>;
  /** The newest kept id; 0 where there is none. */
  newest(): Promise<number>;
}
