import type { DeliveryRow, WebhookRow } from "../store/tables.ts";
import type { Platform } from "./platform.ts";
import type { Attempt } from "./webhook-attempt.ts";
import { webhookRest } from "./webhook-backoff.ts";

/** What a round of deliveries came to. */
export interface LaneCounts {
  readonly delivered: number;
  readonly failed: number;
}

/** Sends deliveries: those of one webhook one after the other, those of different ones side by side. */
export interface WebhookLanes {
  /** Sends what is due, and joins what is under way. */
  deliverDue(signal: AbortSignal): Promise<LaneCounts>;
  /** Sends what is due to some webhooks, without anybody waiting for it. */
  wake(webhookIds: Iterable<number>): void;
  /** Gives up on attempts under way, which count as not made, and waits for what is to be written. */
  close(): Promise<void>;
}

interface Lane {
  readonly ended: Promise<LaneCounts>;
  /** Whether something came that it may have missed. */
  again: boolean;
}

/** The failures of a receiver in a row, and until when it is left alone. */
interface Rest {
  readonly failures: number;
  readonly until: number;
}

/** How many deliveries are read at a time. */
const page = 50;

/** Makes the lanes of webhooks, by their ids; rows are looked up again for each attempt, since they change. */
export function createWebhookLanes(
  { store, clock, log }: Pick<Platform, "store" | "clock" | "log">,
  webhooks: { get(id: number): WebhookRow | undefined; ids(): Iterable<number> },
  attempt: Attempt,
): WebhookLanes {
  const lanes = new Map<number, Lane>();
  const rests = new Map<number, Rest>();
  const closing = new AbortController();

  const due = (webhookId: number): Promise<DeliveryRow[]> =>
    store.reader
      .selectFrom("deliveries")
      .selectAll()
      .where("webhook_id", "=", webhookId)
      .where("status", "=", "pending")
      .where("next_at", "<=", clock.now())
      .orderBy("next_at")
      .orderBy("id")
      .limit(page)
      .execute();

  /** The webhook, where it may be sent something now. */
  const ready = (id: number): WebhookRow | undefined => {
    const webhook = webhooks.get(id);
    return webhook?.active === 1 && (rests.get(id)?.until ?? 0) <= clock.now() ? webhook : undefined;
  };

  /** Lets a receiver that fails have some rest. */
  const note = (id: number, failed: boolean): void => {
    if (!failed) {
      rests.delete(id);
      return;
    }
    const failures = (rests.get(id)?.failures ?? 0) + 1;
    rests.set(id, { failures, until: clock.now() + webhookRest(failures) });
  };

  const drive = async (id: number, signal: AbortSignal): Promise<LaneCounts> => {
    const counts = { delivered: 0, failed: 0 };
    while (ready(id) !== undefined && !signal.aborted) {
      const rows = await due(id);
      if (rows.length === 0) break;
      for (const row of rows) {
        const webhook = ready(id);
        if (webhook === undefined || signal.aborted) break;
        const outcome = await attempt(row, webhook, signal);
        if (outcome === "aborted") break;
        counts[outcome === "delivered" ? "delivered" : "failed"] += 1;
        if (outcome !== "gone") note(id, outcome === "failed");
      }
    }
    return counts;
  };

  const start = (id: number, signal: AbortSignal): Lane => {
    const ended = drive(id, signal)
      .catch((error: unknown) => {
        log.error({ webhook: id, error }, "The deliveries of a webhook could not be read or written");
        return { delivered: 0, failed: 0 };
      })
      .finally(() => {
        lanes.delete(id);
        if (lane.again) wake([id]);
      });
    const lane: Lane = { ended, again: false };
    lanes.set(id, lane);
    return lane;
  };

  const wake = (ids: Iterable<number>): void => {
    for (const id of ids) {
      const lane = lanes.get(id);
      if (lane !== undefined) lane.again = true;
      else if (!closing.signal.aborted && ready(id) !== undefined) start(id, closing.signal);
    }
  };

  return {
    deliverDue: async (signal) => {
      const either = AbortSignal.any([signal, closing.signal]);
      const all = Array.from(webhooks.ids(), (id) => (lanes.get(id) ?? start(id, either)).ended);
      const counts = await Promise.all(all);
      return {
        delivered: counts.reduce((sum, { delivered }) => sum + delivered, 0),
        failed: counts.reduce((sum, { failed }) => sum + failed, 0),
      };
    },
    wake,
    close: async () => {
      closing.abort();
      await Promise.all(Array.from(lanes.values(), ({ ended }) => ended));
    },
  };
}
