import type { CsmsEvent, EventFilter, Events } from "../events.ts";
import { matchesFilter } from "../filter.ts";
import { eventFrame } from "./frame.ts";

/** An event, ready to be sent. */
export interface FeedItem {
  readonly id: number;
  readonly text: string;
}

/** One who reads events, at its own pace. */
export interface FeedReader {
  /**
   * The next events, in order; never one twice and none left out. Waits while there are none, and resolves with none where
   * the reader was closed or `signal` aborts. One call at a time.
   */
  next(signal: AbortSignal): Promise<readonly FeedItem[]>;
  close(): void;
}

/** A reader that gets events as they are read from the store, while it keeps up. */
export interface Subscriber {
  readonly filter: EventFilter;
  take(item: FeedItem): void;
}

/** The subscribers that keep up, and how far the store has been read for them. */
export interface LiveSubscribers {
  readonly subscribers: Set<Subscriber>;
  /** The id of the newest event that was published to them. */
  tail: number;
}

/** How much is read from the store at once, and how much may wait for one reader. */
export const feedPage = 500;
const longestQueue = 2000;
const longestText = 2_097_152;

/** Publishes an event to the subscribers that keep up; it is serialized once for all of them. */
export function publish(live: LiveSubscribers, event: CsmsEvent): void {
  live.tail = event.id;
  let item: FeedItem | undefined;
  for (const subscriber of live.subscribers) {
    if (!matchesFilter(subscriber.filter, event)) continue;
    item ??= { id: event.id, text: eventFrame(event) };
    subscriber.take(item);
  }
}

/**
 * Makes a reader of what comes after an id. It reads from the store until there is nothing more, and is a live subscriber
 * from then on; one whose queue grows too long reads from the store again.
 */
export function createFeedReader(
  events: Events,
  live: LiveSubscribers,
  filter: EventFilter,
  after: number,
  onClose: (reader: FeedReader) => void,
): FeedReader {
  const { subscribers } = live;
  const closed = new AbortController();
  let position = after;
  let queue: FeedItem[] = [];
  /** How many characters those have together. */
  let queued = 0;
  let wake: (() => void) | undefined;

  const self: Subscriber = {
    filter,
    take: (item) => {
      queue.push(item);
      queued += item.text.length;
      if (queue.length > longestQueue || queued > longestText) {
        subscribers.delete(self);
        queue = [];
        queued = 0;
      }
      wake?.();
    },
  };

  const fromStore = async (): Promise<readonly FeedItem[]> => {
    const { tail } = live;
    queue = [];
    queued = 0;
    subscribers.add(self);
    const found = await events.after(position, filter, feedPage);
    if (found.length > 0) {
      subscribers.delete(self);
      return found.map((event) => ({ id: event.id, text: eventFrame(event) }));
    }
    // Nothing up to the tail as it was when it joined: what comes after that is in its queue.
    position = Math.max(position, tail);
    return [];
  };

  const fromQueue = (): readonly FeedItem[] => {
    const items = queue;
    queue = [];
    queued = 0;
    return items.filter(({ id }) => id > position);
  };

  const woken = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        wake = undefined;
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = wake;
      signal.addEventListener("abort", leave);
    });

  const reader: FeedReader = {
    next: async (signal) => {
      while (!signal.aborted && !closed.signal.aborted) {
        const items = subscribers.has(self) ? fromQueue() : await fromStore();
        const last = items.at(-1);
        if (last !== undefined) {
          position = last.id;
          return items;
        }
        if (subscribers.has(self) && queue.length === 0 && !closed.signal.aborted) await woken(signal);
      }
      return [];
    },
    close: () => {
      closed.abort();
      subscribers.delete(self);
      wake?.();
      onClose(reader);
    },
  };
  return reader;
}
