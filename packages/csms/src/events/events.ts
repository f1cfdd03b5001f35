import type { Write, WriteQuery } from "../store/store.ts";
import type { EventData, EventKind } from "./kinds.ts";

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

/** An event that is not persisted yet. */
export type NewEvent = {
  readonly [Kind in EventKind]: {
    readonly stationId: string | null;
    readonly kind: Kind;
    readonly data: EventData<Kind>;
  };
}[EventKind];

/** Which events are subscribed to. A kind may be a family, such as `transaction`. Nothing given means all. */
export interface EventFilter {
  readonly stations?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
}

/** Persists events atomically with the changes that they tell of, and publishes them to subscribers. */
export interface Events {
  /**
   * Persists writes and events atomically, and resolves when they are durable, with the rows that each write changed; then the
   * events are published. Rejects as `Store.write` does, and then nothing is published.
   */
  commit(writes: readonly (Write | WriteQuery)[], events: readonly NewEvent[]): Promise<readonly number[]>;
  /**
   * Persists an event with the next commit and publishes it then; the caller does not wait. Where too much is on its way to
   * the store, it is dropped, which is logged.
   */
  append(event: NewEvent): void;
  /** Subscribes a listener, which is called in the order of ids and must not throw; what is returned unsubscribes it. */
  subscribe(listener: (event: CsmsEvent) => void): () => void;
  /** The persisted events after an id, in order, at most `limit` and about half a mebibyte: none only where there are no more. */
  after(id: number, filter: EventFilter, limit: number): Promise<CsmsEvent[]>;
  /** The newest persisted id; 0 where there is none. */
  newest(): Promise<number>;
}
