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

/** A reader who is told of events as they are read from the store, while it keeps up. */
export interface Companion {
  readonly filter: EventFilter;
  take(item: FeedItem): void;
}

/** Those who keep up, and how far the store has been read for them. */
export interface Company {
  readonly companions: Set<Companion>;
  /** The id of the newest event that they were told of. */
  tail: number;
}

/** How much is read from the store at once, and how much may wait for one reader. */
export const feedPage = 500;
const longestQueue = 2000;
const longestText = 2_097_152;

/** Tells those who keep up of an event; it is put into text once for all of them. */
export function tell(company: Company, event: CsmsEvent): void {
  company.tail = event.id;
  let item: FeedItem | undefined;
  for (const companion of company.companions) {
    if (!matchesFilter(companion.filter, event)) continue;
    item ??= { id: event.id, text: eventFrame(event) };
    companion.take(item);
  }
}

/**
 * Makes a reader of what comes after an id. It reads from the store until there is nothing more, and keeps the others
 * company from then on; one whose queue grows too long goes back to the store.
 */
export function createFeedReader(
  events: Events,
  company: Company,
  filter: EventFilter,
  after: number,
  onClose: (reader: FeedReader) => void,
): FeedReader {
  const { companions } = company;
  const closed = new AbortController();
  let position = after;
  let queue: FeedItem[] = [];
  /** How many characters those have together. */
  let queued = 0;
  let wake: (() => void) | undefined;

  const self: Companion = {
    filter,
    take: (item) => {
      queue.push(item);
      queued += item.text.length;
      if (queue.length > longestQueue || queued > longestText) {
        companions.delete(self);
        queue = [];
        queued = 0;
      }
      wake?.();
    },
  };

  const fromStore = async (): Promise<readonly FeedItem[]> => {
    const { tail } = company;
    queue = [];
    queued = 0;
    companions.add(self);
    const found = await events.after(position, filter, feedPage);
    if (found.length > 0) {
      companions.delete(self);
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
        const items = companions.has(self) ? fromQueue() : await fromStore();
        const last = items.at(-1);
        if (last !== undefined) {
          position = last.id;
          return items;
        }
        if (companions.has(self) && queue.length === 0 && !closed.signal.aborted) await woken(signal);
      }
      return [];
    },
    close: () => {
      closed.abort();
      companions.delete(self);
      wake?.();
      onClose(reader);
    },
  };
  return reader;
}
