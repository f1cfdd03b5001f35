import type { Clock } from "@ocpp/core";
import type { CsmsEvent, EventFilter, Events } from "../events.ts";
import { createFeedReader, type FeedReader, feedPage, type LiveSubscribers, publish } from "./reader.ts";

/** Hands what happens to many readers: each event is read from the store and put into text once for all who keep up. */
export interface EventsFeed {
  /**
   * Adds a reader of what comes after an id; where none is given, of what comes once this has resolved. Rejects where the
   * store does not answer.
   */
  reader(filter: EventFilter, after: number | undefined): Promise<FeedReader>;
  /** Ends all readers. */
  close(): void;
}

/** Milliseconds between two looks at the store, and how long an event that was told of may be on its way there. */
const pause = 20;
const patience = 10_000;

/**
 * Makes a feed. The listeners of `Events` only wake it: what it hands out it reads from the store, in the order of ids, so
 * that nobody gets an event that is not stored, and somebody who resumes from an id has missed nothing before it. Rests on
 * `Events.after` showing ids in their order, so that no lower one turns up later.
 */
export function createEventsFeed(events: Events, clock: Clock): EventsFeed {
  const live: LiveSubscribers = { subscribers: new Set(), tail: 0 };
  const readers = new Set<FeedReader>();
  let closed = false;
  let unsubscribe: (() => void) | undefined;
  let begun: Promise<void> | undefined;
  /** Whether the tail is known, so that it can be followed. */
  let following = false;
  let busy = false;
  let timer: unknown;
  /** The newest event that was told of, and when. */
  let told = { id: 0, at: 0 };

  const lookLater = (): void => {
    if (timer !== undefined || closed) return;
    timer = clock.setTimer(() => {
      timer = undefined;
      void look();
    }, pause);
  };

  const lookAgain = (): void => {
    if (following && live.tail < told.id && clock.now() - told.at < patience) lookLater();
  };

  const look = async (): Promise<void> => {
    if (busy || !following) return;
    busy = true;
    try {
      for (;;) {
        const found: readonly CsmsEvent[] = await events.after(live.tail, {}, feedPage);
        for (const event of found) publish(live, event);
        // A page may be short where events are long.
        if (found.length === 0 || live.tail >= told.id) break;
      }
    } catch {
      // The store does not answer; there will be another look.
    }
    busy = false;
    lookAgain();
  };

  const rest = (): void => {
    unsubscribe?.();
    unsubscribe = undefined;
    begun = undefined;
    following = false;
    clock.clearTimer(timer);
    timer = undefined;
  };

  const begin = async (): Promise<void> => {
    unsubscribe = events.subscribe(({ id }) => {
      told = { id: Math.max(told.id, id), at: clock.now() };
      lookLater();
    });
    try {
      live.tail = await events.newest();
      following = true;
      lookAgain();
    } catch (error) {
      rest();
      throw error;
    }
  };

  const awake = async (): Promise<void> => {
    begun ??= begin();
    await begun;
    // The last reader may have left meanwhile; then all has to begin anew.
    if (!following && !closed) await awake();
  };

  return {
    reader: async (filter, after) => {
      await awake();
      const reader = createFeedReader(events, live, filter, after ?? live.tail, (one) => {
        readers.delete(one);
        if (readers.size === 0) rest();
      });
      if (closed) reader.close();
      else readers.add(reader);
      return reader;
    },
    close: () => {
      closed = true;
      for (const reader of readers) reader.close();
    },
  };
}
