import type { Infrastructure } from "../infrastructure.ts";
import { createDeliveryRepository } from "./repository/deliveries.ts";

/** What the limits need to know of a webhook's queue, and tell it. */
export interface LimitedQueue {
  readonly waiting: number;
  recount(count: number): void;
  /** Begins no attempts until it is let go on. */
  pause(paused: boolean): void;
  isOut(deliveryId: number): boolean;
  forget(deliveryIds: ReadonlySet<number>): void;
}

/**
 * Bounds what waits for webhooks whose receivers are away, too slow, or switched off. What is dropped keeps its row with the
 * status `dropped`, like a dead letter, until retention takes it; a line of the log counts it.
 */
export interface WebhookLimits {
  /** Drops what has waited for too long. */
  dropOld(webhookId: number, queue: LimitedQueue): Promise<void>;
  /** Drops the oldest where too many wait, of the stations of which most wait, so that none pushes out the others. */
  dropExcess(webhookId: number, queue: LimitedQueue): Promise<void>;
}

/** The bounds. */
export interface WebhookBounds {
  /** Milliseconds that a delivery may wait. */
  readonly maxAge: number;
  /** How many may wait for one webhook. */
  readonly maxWaiting: number;
}

/** How many deliveries are dropped in a commit. */
const chunk = 500;
/** What is left of the bound when too many waited, so that not each further one is dropped by itself. */
const left = 0.95;

/**
 * How many of each count go so that `most` are left in all: the largest are cut down to one level, as much as is needed.
 * Exported for its test.
 */
export function cutToLevel(counts: readonly number[], most: number): readonly number[] {
  const rising = [...counts].sort((a, b) => a - b);
  let room = most;
  let level = rising.at(-1) ?? 0;
  for (const [index, count] of rising.entries()) {
    const share = room / (rising.length - index);
    if (count > share) {
      level = Math.floor(share);
      break;
    }
    room -= count;
  }
  return counts.map((count) => Math.max(0, count - level));
}

/** Makes the limits. */
export function createWebhookLimits(
  { store, clock, log, metrics }: Pick<Infrastructure, "store" | "clock" | "log" | "metrics">,
  { maxAge, maxWaiting }: WebhookBounds,
): WebhookLimits {
  const deliveries = createDeliveryRepository(store);

  /** Drops deliveries but for those that are under way; how many went. */
  const dropAll = async (queue: LimitedQueue, ids: readonly number[], why: string): Promise<number> => {
    if (ids.length === 0) return 0;
    // None is to be sent while it is being dropped.
    queue.pause(true);
    try {
      const going = ids.filter((id) => !queue.isOut(id));
      const now = clock.now();
      await store.write(...going.map((id) => deliveries.drop({ id, last_error: why, next_at: now, updated_at: now })));
      queue.forget(new Set(going));
      metrics.webhookDelivery("dropped", going.length);
      return going.length;
    } finally {
      queue.pause(false);
    }
  };

  const report = (webhook: number, dropped: number, why: string): void => {
    if (dropped > 0) log.warn({ webhook, dropped }, `Deliveries to a webhook were dropped: ${why}`);
  };

  return {
    dropOld: async (webhookId, queue) => {
      const before = clock.now() - maxAge;
      const why = `they waited for more than ${maxAge / 1_000} s (webhooks.maxAge)`;
      let dropped = 0;
      for (;;) {
        const ids = await deliveries.oldestBefore(webhookId, before, chunk);
        dropped += await dropAll(queue, ids, "Dropped: it waited for too long");
        if (ids.length < chunk) break;
      }
      report(webhookId, dropped, why);
    },
    dropExcess: async (webhookId, queue) => {
      const stations = await deliveries.countByStation(webhookId);
      const all = stations.reduce((sum, { count }) => sum + count, 0);
      queue.recount(all);
      if (all <= maxWaiting) return;
      const cuts = cutToLevel(
        stations.map(({ count }) => count),
        Math.floor(maxWaiting * left),
      );
      let dropped = 0;
      for (const [index, { station_id }] of stations.entries()) {
        for (let open = cuts[index] ?? 0; open > 0; open -= chunk) {
          const ids = await deliveries.oldestOf(webhookId, station_id, Math.min(open, chunk));
          dropped += await dropAll(queue, ids, "Dropped: too many waited for the webhook");
        }
      }
      report(webhookId, dropped, `more than ${maxWaiting} waited (webhooks.maxWaiting)`);
    },
  };
}
