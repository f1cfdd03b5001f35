import type { DeliveryRow, EventRow, WebhookRow } from "../store/tables.ts";
import type { Platform } from "./platform.ts";
import { webhookBackoff } from "./webhook-backoff.ts";
import type { SendWebhook, WebhookAnswer } from "./webhook-request.ts";
import { createSlots } from "./webhook-slots.ts";

/** How an attempt ended: `gone` where there was nothing left to send, `aborted` where it counts as not made. */
export type AttemptOutcome = "delivered" | "failed" | "gone" | "aborted";

/** Makes one attempt at a delivery and keeps how it ended. Rejects as the store does. */
export type Attempt = (delivery: DeliveryRow, webhook: WebhookRow, signal: AbortSignal) => Promise<AttemptOutcome>;

type Judged = Pick<DeliveryRow, "id" | "status" | "attempts" | "next_at" | "last_status" | "last_error" | "updated_at">;

/** How many attempts run at a time, whomever they are for. */
const parallel = 32;

const gone: WebhookAnswer = { delivered: false, status: null, error: "The event is no longer kept", retryAfter: 0 };
const notMade: WebhookAnswer = { delivered: false, status: null, error: null, retryAfter: 0 };

/** Makes attempts with `send`; after `most` of them a delivery is dead. */
export function createAttempt(
  { store, clock, log, metrics }: Pick<Platform, "store" | "clock" | "log" | "metrics">,
  send: SendWebhook,
  most: number,
): Attempt {
  const slots = createSlots(parallel);
  const update = store.prepare<Judged>((db, row) =>
    db
      .updateTable("deliveries")
      .set({
        status: row.status,
        attempts: row.attempts,
        next_at: row.next_at,
        last_status: row.last_status,
        last_error: row.last_error,
        updated_at: row.updated_at,
      })
      .where("id", "=", row.id),
  );

  const eventOf = (id: number): Promise<EventRow | undefined> =>
    store.reader.selectFrom("events").selectAll().where("id", "=", id).executeTakeFirst();

  const judge = ({ id, attempts: before }: DeliveryRow, answer: WebhookAnswer): Judged => {
    const { delivered, status: last_status, error: last_error, retryAfter } = answer;
    const attempts = answer === gone ? before : before + 1;
    const now = clock.now();
    const given = answer === gone || attempts >= most;
    return {
      id,
      status: delivered ? "delivered" : given ? "dead" : "pending",
      attempts,
      next_at: delivered || given ? now : now + webhookBackoff(attempts, clock.random(), retryAfter),
      last_status,
      last_error,
      updated_at: now,
    };
  };

  return async (delivery, webhook, signal) => {
    const event = await eventOf(delivery.event_id);
    const answer =
      event === undefined
        ? gone
        : await slots.run(() => (signal.aborted ? notMade : send(webhook, delivery.id, event, signal)));
    if (!answer.delivered && answer !== gone && signal.aborted) return "aborted";
    const judged = judge(delivery, answer);
    await store.write(update(judged));
    const { status, attempts, last_error: reason } = judged;
    metrics.webhookDelivery(status === "pending" ? "failed" : status);
    if (answer.delivered) return "delivered";
    const fields = { webhook: webhook.id, delivery: delivery.id, attempts, reason };
    log.warn(fields, status === "dead" ? "A delivery to a webhook is given up" : "A delivery to a webhook failed");
    return answer === gone ? "gone" : "failed";
  };
}
