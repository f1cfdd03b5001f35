import type { Infrastructure } from "../infrastructure.ts";
import type { WebhookRow } from "../store/tables/webhooks.ts";
import { type Attempt, type AttemptResult, bodyLimit, deliveryLength } from "./attempt.ts";
import { type Consignment, type ConsignmentLimits, createWebhookBacklog } from "./backlog.ts";
import type { WebhookOutcomes } from "./outcomes.ts";
import { createReceiverRest } from "./receiver-rest.ts";
import type { WaitingDeliveries, WaitingDelivery } from "./repository/waiting.ts";

/** What was delivered, and what was not. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
}

/** Sends what waits for one webhook: several posts at a time, those about one station one after the other. */
export interface WebhookQueue {
  /** How many deliveries wait, those under way among them. */
  readonly waiting: number;
  /** What has become of deliveries since the process began. */
  readonly counts: DeliveryCounts;
  /** Sends what may be sent, without a caller that waits for it. */
  run(): void;
  /** So many more deliveries wait in the store, behind all others. */
  extend(count: number): void;
  /** A delivery that had been given up waits again. */
  add(delivery: WaitingDelivery): void;
  /** How many wait was counted anew. */
  recount(count: number): void;
  isOut(deliveryId: number): boolean;
  /** Begins no attempts until it is let go on. */
  pause(paused: boolean): void;
  /** Deliveries that are not under way were given up, and the store knows of it. */
  forget(deliveryIds: ReadonlySet<number>): void;
  /** Reads everything anew once nothing is under way, since consignments are cut differently from now on. */
  renew(): void;
  /** Resolves when nothing can be sent for the time being. */
  idle(): Promise<void>;
}

/** What the queues of all webhooks share. */
export interface WebhookQueueOptions {
  readonly attempt: Attempt;
  readonly reading: WaitingDeliveries;
  readonly outcomes: WebhookOutcomes;
  /** How many posts to one webhook may be under way. */
  readonly concurrency: number;
  /** The longest body, in bytes. */
  readonly maxBody: number;
  /** Ends everything: attempts under way count as not made. */
  readonly signal: AbortSignal;
}

/** Milliseconds until what could not be read or attempted for want of a database is tried again. */
const pause = 1_000;

function limitsOf(webhook: WebhookRow, maxBody: number): ConsignmentLimits {
  if (webhook.batch_events === null) return { events: 1, bytes: Number.POSITIVE_INFINITY, size: () => 0 };
  const bytes = bodyLimit(webhook, maxBody);
  // Of the two brackets one is paid for by the comma that the last event does not have.
  return { events: webhook.batch_events, bytes: bytes - 1, size: (delivery) => deliveryLength(delivery, bytes) };
}

/**
 * Makes the queue of a webhook, of which so many deliveries wait. `row` gives the webhook as it is now; undefined where it
 * was removed.
 */
export function createWebhookQueue(
  { clock, log }: Pick<Infrastructure, "clock" | "log">,
  id: number,
  row: () => WebhookRow | undefined,
  count: number,
  { attempt, reading, outcomes, concurrency, maxBody, signal }: WebhookQueueOptions,
): WebhookQueue {
  const fresh = () => createWebhookBacklog(id, reading, row()?.batch_events ?? 1);
  let backlog = fresh();
  const rest = createReceiverRest(clock, concurrency);
  let waiting = count;
  let delivered = 0;
  let failed = 0;
  let underWay = 0;
  let reads = false;
  /** Until when the store is not read after it could not be. */
  let unreadable = 0;
  let paused = false;
  let renewing: "no" | "wanted" | "under way" = "no";
  let idlers: (() => void)[] = [];

  const note = (consignment: Consignment, result: AttemptResult): void => {
    const { outcome, attempts, nextAt, retryAfter } = result;
    delivered += result.delivered;
    failed += result.failed;
    if (outcome === "aborted") {
      backlog.postpone(consignment, consignment.attempts, clock.now() + pause);
      return;
    }
    if (outcome !== "gone") rest.note(outcome === "delivered", retryAfter);
    if (outcome === "failed") {
      backlog.postpone(consignment, attempts, nextAt);
      return;
    }
    waiting -= consignment.deliveries.length;
    backlog.end(consignment);
  };

  const send = async (consignment: Consignment, webhook: WebhookRow): Promise<void> => {
    try {
      note(consignment, await attempt(consignment, webhook, signal));
    } catch (error) {
      log.error({ webhook: id, error }, "The events of deliveries to a webhook could not be read; it is tried again");
      backlog.postpone(consignment, consignment.attempts, clock.now() + pause);
    } finally {
      underWay -= 1;
      run();
    }
  };

  const read = async (): Promise<void> => {
    reads = true;
    try {
      await backlog.read(clock.now());
    } catch (error) {
      unreadable = clock.now() + pause;
      log.error({ webhook: id, error }, "The deliveries to a webhook could not be read; it is tried again");
    } finally {
      reads = false;
      run();
    }
  };

  const renewNow = async (): Promise<void> => {
    renewing = "under way";
    // What has just been delivered must not be read as waiting once more.
    await outcomes.flush();
    backlog = fresh();
    renewing = "no";
    run();
  };

  /** Sends what may be sent now. */
  const sendAll = (webhook: WebhookRow): void => {
    if (paused) return;
    const limits = limitsOf(webhook, maxBody);
    while (!outcomes.full && underWay < rest.allowed() && backlog.ready(clock.now())) {
      const consignment = backlog.next(clock.now(), limits);
      if (consignment === undefined) return;
      underWay += 1;
      void send(consignment, webhook);
    }
  };

  function run(): void {
    const webhook = row();
    if (webhook?.active === 1 && !signal.aborted) {
      if (renewing === "wanted" && underWay === 0 && !reads) void renewNow();
      if (renewing !== "no") return;
      sendAll(webhook);
      if (!reads && backlog.wanting && rest.allowed() > 0 && clock.now() >= unreadable) void read();
    }
    if (underWay > 0 || reads) return;
    for (const resolve of idlers.splice(0)) resolve();
  }

  return {
    get waiting() {
      // What was read before it was reported has gone already, perhaps.
      return Math.max(0, waiting);
    },
    get counts() {
      return { delivered, failed };
    },
    run,
    extend: (more) => {
      waiting += more;
      backlog.extend();
      run();
    },
    add: (delivery) => {
      waiting += 1;
      backlog.add(delivery);
      run();
    },
    recount: (now) => {
      waiting = now;
    },
    isOut: (deliveryId) => backlog.isOut(deliveryId),
    pause: (now) => {
      paused = now;
      if (!paused) run();
    },
    forget: (ids) => {
      waiting -= ids.size;
      backlog.forget(ids);
    },
    renew: () => {
      renewing = "wanted";
      run();
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
        run();
      }),
  };
}
