import type { CsmsEvent, EventFilter } from "../events/events.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { idAt } from "../store/id-source.ts";
import type { DeliveryRow, WebhookRow } from "../store/tables/webhooks.ts";
import { createDeliveryRepository } from "./repository/deliveries.ts";
import { wantsEvent } from "./target.ts";

/** A webhook with its filter read. */
export interface WebhookTarget {
  readonly row: WebhookRow;
  readonly filter: EventFilter;
}

/** Writes down which event has to go to which webhook, so that none is forgotten. */
export interface WebhookOutbox {
  /** Looks at the stored events that were perhaps not written down before the process ended, and listens from now on. */
  start(): Promise<void>;
  /** Resolves when what has happened so far is written down, or could not be. */
  flush(): Promise<void>;
  /** Stops listening, and writes down what waits. */
  close(): Promise<void>;
}

/** How many deliveries share a write, how many wait in memory at most, and how many events are read at a time. */
const batch = 500;
const mostWaiting = 20_000;
const page = 500;
/** Milliseconds between retries while the store refuses writes. */
const retryTime = 1_000;

/** What is held in memory of an event that is looked at later. */
type HeldEvent = Pick<CsmsEvent, "id" | "kind" | "stationId" | "data">;

/** An event without what only fills memory: its data decides for those of background services alone. */
function heldEvent({ id, kind, stationId, data }: CsmsEvent): HeldEvent {
  return { id, kind, stationId, data: kind === "background.finished" ? data : undefined };
}

/**
 * Makes the outbox of the webhooks that `targets` gives. `written` is told how many more deliveries wait for which webhook.
 */
export function createWebhookOutbox(
  { store, events, clock, log }: Pick<Infrastructure, "store" | "events" | "clock" | "log">,
  targets: () => Iterable<WebhookTarget>,
  written: (counts: ReadonlyMap<number, number>) => void,
): WebhookOutbox {
  const deliveries = createDeliveryRepository(store);
  let waiting: DeliveryRow[] = [];
  /** How many deliveries were enqueued, and how many of them are persisted. */
  let made = 0;
  let kept = 0;
  let flushers: { readonly count: number; readonly resolve: () => void }[] = [];
  let working = false;
  /** Set while a retry is scheduled. */
  let timer: unknown;
  /** The buffer has overflowed: the rest is read from the store when it takes writes again. */
  let overflown = false;
  /** Events that come while persisted ones are read again: they follow them, so that the newest delivery marks the position. */
  let held: HeldEvent[] | undefined;
  let unsubscribe = (): void => {};

  const put = ({ row }: WebhookTarget, event: HeldEvent): void => {
    const now = clock.now();
    made += 1;
    waiting.push({
      id: store.nextId(),
      webhook_id: row.id,
      event_id: event.id,
      station_id: event.stationId,
      status: "pending",
      attempts: 0,
      next_at: now,
      last_status: null,
      last_error: null,
      created_at: now,
      updated_at: now,
    });
  };

  /** Writes an event down for those that want it, of the webhooks that `isNew` for. */
  const offer = (event: HeldEvent, isNew: (webhookId: number) => boolean): void => {
    for (const target of targets()) {
      if (!wantsEvent(target.row, target.filter, event) || !isNew(target.row.id)) continue;
      if (waiting.length >= mostWaiting) {
        waiting = [];
        overflown = true;
      }
      if (!overflown) put(target, event);
    }
  };

  const release = (upTo: number): void => {
    const done = flushers.filter(({ count }) => count <= upTo);
    flushers = flushers.filter(({ count }) => count > upTo);
    for (const { resolve } of done) resolve();
  };

  /** Whether all that waited is kept. */
  const drain = async (): Promise<boolean> => {
    while (waiting.length > 0) {
      const rows = waiting.slice(0, batch);
      const ids = new Set(Array.from(targets(), ({ row }) => row.id));
      // What is written for a webhook that was removed would never be sent, nor deleted.
      const wanted = rows.filter(({ webhook_id }) => ids.has(webhook_id));
      try {
        await store.write(...wanted.map(deliveries.insertion));
      } catch (error) {
        log.error(
          { error, waiting: waiting.length },
          "Deliveries to webhooks could not be persisted; they are tried again",
        );
        return false;
      }
      waiting.splice(0, rows.length);
      kept += rows.length;
      release(kept);
      const counts = new Map<number, number>();
      for (const { webhook_id } of wanted) counts.set(webhook_id, (counts.get(webhook_id) ?? 0) + 1);
      written(counts);
    }
    return true;
  };

  /** Where to begin to look again: after the newest delivery, but never before the webhook became what it is. */
  const beginOf = async (row: WebhookRow): Promise<number> => {
    return Math.max(row.id, idAt(row.updated_at), (await deliveries.newestEvent(row.id)) ?? 0);
  };

  /**
   * Writes down what webhooks have missed, a page of each in turn, so that one that missed much does not hold up the others,
   * and returns up to which event.
   */
  const lookAgain = async (missing: readonly WebhookTarget[]): Promise<Map<number, number>> => {
    const reached = new Map<number, number>();
    const open = new Set(missing);
    // What comes after it is held, and looked at when this is done.
    const goal = await events.newest();
    for (const { row } of missing) reached.set(row.id, await beginOf(row));
    while (open.size > 0) {
      for (const target of open) {
        const { row, filter } = target;
        const found = await events.after(reached.get(row.id) ?? 0, filter, page);
        for (const event of found) if (wantsEvent(row, filter, event)) put(target, event);
        const last = found.at(-1)?.id ?? goal;
        reached.set(row.id, Math.max(reached.get(row.id) ?? 0, last));
        if (last >= goal) open.delete(target);
        if (waiting.length > 0 && !(await drain())) throw new Error("The store takes no deliveries");
      }
    }
    return reached;
  };

  const recover = async (): Promise<void> => {
    overflown = false;
    held = [];
    let reached: ReadonlyMap<number, number> = new Map();
    try {
      reached = await lookAgain(Array.from(targets()).filter(({ row }) => row.active === 1));
    } catch (error) {
      overflown = true;
      throw error;
    } finally {
      const missed = overflown ? [] : held;
      held = undefined;
      for (const event of missed) offer(event, (id) => event.id > (reached.get(id) ?? 0));
    }
  };

  const recovered = async (): Promise<boolean> => {
    try {
      await recover();
      return true;
    } catch (error) {
      log.error({ error }, "Events for webhooks could not be read again; it is tried once more");
      return false;
    }
  };

  /** Whether nothing is left to do. Nothing may happen between the last look and the return, or it would be missed. */
  const catchUp = async (): Promise<boolean> => {
    for (;;) {
      if (!(await drain())) return false;
      if (overflown && !(await recovered())) return false;
      if (waiting.length === 0 && !overflown) {
        working = false;
        kept = made;
        release(kept);
        return true;
      }
    }
  };

  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    clock.clearTimer(timer);
    timer = undefined;
    if (await catchUp()) return;
    working = false;
    timer = clock.setTimer(() => void work(), retryTime);
    release(made);
  };

  const flush = (): Promise<void> => {
    const settled = new Promise<void>((resolve) => {
      flushers.push({ count: made, resolve });
    });
    void work();
    return settled;
  };

  const heard = (event: CsmsEvent): void => {
    if (held === undefined) {
      offer(event, () => true);
      if (waiting.length > 0 && timer === undefined) void work();
    } else if (held.length < mostWaiting) {
      held.push(heldEvent(event));
    } else {
      overflown = true;
    }
  };

  return {
    start: async () => {
      unsubscribe = events.subscribe(heard);
      overflown = true;
      await work();
    },
    flush,
    close: async () => {
      unsubscribe();
      await flush();
      clock.clearTimer(timer);
    },
  };
}
