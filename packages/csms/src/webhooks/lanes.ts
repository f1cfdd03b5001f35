import { setMaxListeners } from "node:events";
import type { Infrastructure } from "../infrastructure.ts";
import type { WebhookRow } from "../store/tables/webhooks.ts";
import { createAttempt } from "./attempt.ts";
import { createWebhookLimits, type WebhookBounds } from "./limits.ts";
import { createWebhookOutcomes } from "./outcomes.ts";
import { createWebhookQueue, type DeliveryCounts, type WebhookQueue } from "./queue.ts";
import { createDeliveryRepository } from "./repository/deliveries.ts";
import { createWaitingDeliveries } from "./repository/waiting.ts";
import type { SendWebhook } from "./request.ts";

/**
 * Sends deliveries: to each webhook several at a time, those of one station one after the other, in the order of their ids;
 * one that fails holds up those of its station to its webhook, and nothing else.
 */
export interface WebhookLanes {
  /** Counts what waits, and begins to send it; to be awaited before anything else. */
  start(): Promise<void>;
  /** Drops what has waited for too long, sends what is due, and joins what is under way, for some seconds at most. */
  deliverDue(signal: AbortSignal): Promise<DeliveryCounts>;
  /** So many more deliveries wait in the store for webhooks, behind all others. */
  extend(counts: ReadonlyMap<number, number>): void;
  /** A delivery that had been given up waits again. */
  readmit(deliveryId: number): Promise<void>;
  /** A webhook was changed: sends what is due to it. With `cut`, its batches are cut anew. */
  change(webhookId: number, cut: boolean): void;
  /** How many deliveries wait for a webhook. */
  waiting(webhookId: number): number;
  /** Gives up on attempts under way, which count as not made, and waits for what is to be written. */
  close(): Promise<void>;
}

/** What deliveries are sent with. */
export interface WebhookLanesOptions extends WebhookBounds {
  readonly send: SendWebhook;
  /** After how many attempts a delivery is dead. */
  readonly attempts: number;
  /** How many posts to one webhook may be under way. */
  readonly concurrency: number;
  /** The longest body, in bytes. */
  readonly maxBody: number;
}

/** Milliseconds that `deliverDue` waits for what is under way: where events never end, it would never end. */
const patience = 5_000;

/** Makes the lanes of webhooks, by their ids; rows are looked up again for each attempt, since they change. */
export function createWebhookLanes(
  infrastructure: Pick<Infrastructure, "store" | "clock" | "log" | "metrics">,
  webhooks: { get(id: number): WebhookRow | undefined; ids(): Iterable<number> },
  options: WebhookLanesOptions,
): WebhookLanes {
  const { store, clock, log, metrics } = infrastructure;
  const { send, attempts, concurrency, maxBody } = options;
  const queues = new Map<number, WebhookQueue>();
  const closing = new AbortController();
  // Each attempt under way listens.
  setMaxListeners(0, closing.signal);
  const reading = createWaitingDeliveries(store);
  const deliveries = createDeliveryRepository(store);
  const outcomes = createWebhookOutcomes(infrastructure, () => {
    for (const queue of queues.values()) queue.run();
  });
  const limits = createWebhookLimits(infrastructure, options);
  const attempt = createAttempt(infrastructure, { send, reading, outcomes, most: attempts, maxBody });
  /** Webhooks that are being rid of what is too much. */
  const dropping = new Map<number, Promise<void>>();
  /** Those of them to which more came meanwhile, which that run may not have counted. */
  const overdue = new Set<number>();

  const queueOf = (id: number, count = 0): WebhookQueue => {
    const known = queues.get(id);
    if (known !== undefined) return known;
    const parts = { attempt, reading, outcomes, concurrency, maxBody, signal: closing.signal };
    const made = createWebhookQueue(infrastructure, id, () => webhooks.get(id), count, parts);
    queues.set(id, made);
    return made;
  };

  /** Keeps what waits for a webhook within its bounds, one run at a time. */
  const bound = (id: number, work: (queue: WebhookQueue) => Promise<void>): Promise<void> => {
    const run = dropping.get(id) ?? Promise.resolve();
    const next = run
      .then(() => (closing.signal.aborted ? undefined : work(queueOf(id))))
      .catch((error: unknown) => {
        log.error({ webhook: id, error }, "What waits for a webhook could not be bounded; it is tried again");
      })
      .finally(() => {
        if (dropping.get(id) === next) dropping.delete(id);
      });
    dropping.set(id, next);
    return next;
  };

  const dropExcess = (id: number): void => {
    if (dropping.has(id)) {
      overdue.add(id);
      return;
    }
    void bound(id, (queue) => limits.dropExcess(id, queue)).then(() => {
      if (overdue.delete(id) && (queues.get(id)?.waiting ?? 0) > options.maxWaiting) dropExcess(id);
    });
  };

  const tidy = (): void => {
    const ids = new Set(webhooks.ids());
    for (const id of Array.from(queues.keys())) if (!ids.has(id)) queues.delete(id);
    let sum = 0;
    for (const queue of queues.values()) sum += queue.waiting;
    metrics.webhooksWaiting(sum);
  };

  const total = (): DeliveryCounts => {
    let delivered = 0;
    let failed = 0;
    for (const { counts } of queues.values()) {
      delivered += counts.delivered;
      failed += counts.failed;
    }
    return { delivered, failed };
  };

  /** Waits for work, but no longer than some seconds, and not after the signal. */
  const patiently = async (work: Promise<unknown>, signal: AbortSignal): Promise<void> => {
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const timer = clock.setTimer(stop, patience);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    await Promise.race([work, stopped]);
    clock.clearTimer(timer);
    signal.removeEventListener("abort", stop);
  };

  return {
    start: async () => {
      for (const { webhook_id, count } of await deliveries.countPending()) queueOf(webhook_id, count).run();
      tidy();
    },
    deliverDue: async (signal) => {
      tidy();
      const before = total();
      const ids = Array.from(webhooks.ids());
      const work = ids.map(async (id) => {
        await bound(id, async (queue) => {
          await limits.dropOld(id, queue);
          if (queue.waiting > options.maxWaiting) await limits.dropExcess(id, queue);
        });
        await queueOf(id).idle();
      });
      await patiently(
        Promise.all(work).then(() => outcomes.flush()),
        signal,
      );
      const { delivered, failed } = total();
      return { delivered: delivered - before.delivered, failed: failed - before.failed };
    },
    extend: (counts) => {
      for (const [id, count] of counts) {
        const queue = queueOf(id);
        queue.extend(count);
        if (queue.waiting > options.maxWaiting) dropExcess(id);
      }
    },
    readmit: async (deliveryId) => {
      const found = await reading.one(deliveryId);
      if (found !== undefined) queueOf(found.webhookId).add(found);
    },
    change: (webhookId, cut) => {
      const queue = queueOf(webhookId);
      if (cut) queue.renew();
      else queue.run();
    },
    waiting: (webhookId) => queues.get(webhookId)?.waiting ?? 0,
    close: async () => {
      closing.abort();
      await Promise.all(Array.from(queues.values(), (queue) => queue.idle()));
      await Promise.all(dropping.values());
      await outcomes.close();
    },
  };
}
