import type { Infrastructure } from "../infrastructure.ts";
import type { WebhookRow } from "../store/tables/webhooks.ts";
import type { Consignment } from "./backlog.ts";
import { webhookBackoff } from "./backoff.ts";
import { batchPostId, deliveryPostId, eventBody, eventLength } from "./body.ts";
import type { WebhookOutcomes } from "./outcomes.ts";
import type { DeliveryOutcome } from "./repository/deliveries.ts";
import type { WaitingDeliveries, WaitingDelivery, WaitingEvent } from "./repository/waiting.ts";
import type { SendWebhook, WebhookAnswer } from "./request.ts";

/**
 * How an attempt at a consignment ended. `delivered` and `dead`, after the last attempt, end it; `gone` does as well, where
 * no event of it is stored; `failed` is tried again at `nextAt`; `aborted` counts as not made.
 */
export interface AttemptResult {
  readonly outcome: "delivered" | "failed" | "dead" | "gone" | "aborted";
  /** How often it was tried by now. */
  readonly attempts: number;
  readonly nextAt: number;
  /** Milliseconds that the receiver asks to be left alone. */
  readonly retryAfter: number;
  /** How many deliveries were taken, and how many were not. */
  readonly delivered: number;
  readonly failed: number;
}

/** Makes one attempt at a consignment, and persists how it ended. Rejects as the store does where that cannot be read. */
export type Attempt = (consignment: Consignment, webhook: WebhookRow, signal: AbortSignal) => Promise<AttemptResult>;

/** What attempts are made with. */
export interface AttemptOptions {
  readonly send: SendWebhook;
  readonly reading: WaitingDeliveries;
  readonly outcomes: WebhookOutcomes;
  /** After how many attempts a delivery is dead. */
  readonly most: number;
  /** The longest body, in bytes. */
  readonly maxBody: number;
}

/** A delivery whose event is stored. */
type Sendable = WaitingDelivery & { readonly event: WaitingEvent };

/** How many bytes a post of a webhook may have. */
export function bodyLimit({ batch_bytes }: Pick<WebhookRow, "batch_bytes">, maxBody: number): number {
  return Math.min(batch_bytes ?? maxBody, maxBody);
}

/** Whether an event is so long that it is sent without its data; a batch has two brackets around it. */
function isTooLong({ eventId, stationId, event }: Sendable, limit: number): boolean {
  const head = { id: eventId, kind: event.kind, station_id: stationId, at: event.at };
  return eventLength(head, event.length) + 2 > limit;
}

/** How many bytes of a body a delivery takes, with a comma behind it. */
export function deliveryLength({ eventId, stationId, event }: WaitingDelivery, limit: number): number {
  if (event === undefined) return 0;
  const head = { id: eventId, kind: event.kind, station_id: stationId, at: event.at };
  const whole = eventLength(head, event.length);
  return 1 + (whole + 2 > limit ? Buffer.byteLength(eventBody(head, undefined, event.length)) : whole);
}

/** Makes attempts. */
export function createAttempt(
  { clock, log, metrics }: Pick<Infrastructure, "clock" | "log" | "metrics">,
  { send, reading, outcomes, most, maxBody }: AttemptOptions,
): Attempt {
  /** Gives up on deliveries whose events are no longer stored. */
  const lose = (webhook: WebhookRow, deliveries: readonly WaitingDelivery[]): void => {
    if (deliveries.length === 0) return;
    const now = clock.now();
    for (const { id, attempts } of deliveries) {
      const last_error = "The event is no longer stored";
      outcomes.add({ id, status: "dead", attempts, next_at: now, last_status: null, last_error, updated_at: now });
    }
    metrics.webhookDelivery("dead", deliveries.length);
    const fields = { webhook: webhook.id, delivery: deliveries[0]?.id, count: deliveries.length };
    log.warn(fields, "Deliveries to a webhook are given up: their events are no longer stored");
  };

  /** The bodies of events, but for those that are no longer stored. */
  const bodiesOf = async (deliveries: readonly Sendable[], limit: number): Promise<ReadonlyMap<number, string>> => {
    const missing = deliveries.filter((one) => one.event.data === undefined && !isTooLong(one, limit));
    const read = await reading.dataOf(missing.map(({ eventId }) => eventId));
    const bodies = new Map<number, string>();
    for (const one of deliveries) {
      const { id, eventId, stationId, event } = one;
      const data = isTooLong(one, limit) ? undefined : (event.data ?? read.get(eventId));
      if (data === undefined && !isTooLong(one, limit)) continue;
      const head = { id: eventId, kind: event.kind, station_id: stationId, at: event.at };
      bodies.set(id, eventBody(head, data, event.length));
    }
    return bodies;
  };

  /** Persists the answer to a consignment, and returns where it stands. */
  const judge = (
    webhook: WebhookRow,
    ids: readonly number[],
    before: number,
    answer: WebhookAnswer,
  ): Pick<AttemptResult, "outcome" | "attempts" | "nextAt"> => {
    const { delivered, status: last_status, error: last_error, retryAfter } = answer;
    const attempts = before + 1;
    const now = clock.now();
    const given = !delivered && attempts >= most;
    const nextAt = delivered || given ? now : now + webhookBackoff(attempts, clock.random(), retryAfter);
    const status: DeliveryOutcome["status"] = delivered ? "delivered" : given ? "dead" : "pending";
    for (const id of ids)
      outcomes.add({ id, status, attempts, next_at: nextAt, last_status, last_error, updated_at: now });
    const outcome = delivered ? "delivered" : given ? "dead" : "failed";
    metrics.webhookDelivery(outcome, ids.length);
    if (!delivered) {
      const fields = { webhook: webhook.id, delivery: ids[0], count: ids.length, attempts, reason: last_error };
      log.warn(fields, given ? "A delivery to a webhook is given up" : "A delivery to a webhook failed");
    }
    return { outcome, attempts, nextAt };
  };

  return async (consignment, webhook, signal) => {
    const { attempts } = consignment;
    const unmade = { attempts, nextAt: consignment.nextAt, retryAfter: 0, delivered: 0, failed: 0 };
    const sendable = consignment.deliveries.filter((one): one is Sendable => one.event !== undefined);
    const bodies = await bodiesOf(sendable, bodyLimit(webhook, maxBody));
    if (signal.aborted) return { ...unmade, outcome: "aborted" };
    const lost = consignment.deliveries.filter(({ id }) => !bodies.has(id));
    const ids = Array.from(bodies.keys());
    const [first] = ids;
    if (first === undefined) {
      lose(webhook, lost);
      return { ...unmade, outcome: "gone", failed: lost.length };
    }
    const texts = Array.from(bodies.values());
    const post =
      webhook.batch_events === null
        ? { id: deliveryPostId(first), body: texts.join() }
        : { id: batchPostId(ids), body: `[${texts.join()}]` };
    const answer = await send(webhook, post, signal);
    if (!answer.delivered && signal.aborted) return { ...unmade, outcome: "aborted" };
    const judged = judge(webhook, ids, attempts, answer);
    // A batch that is tried again stays whole; what it has lost is given up with its end.
    const given = judged.outcome === "failed" ? [] : lost;
    lose(webhook, given);
    const { retryAfter, delivered } = answer;
    const counts = { delivered: delivered ? ids.length : 0, failed: given.length + (delivered ? 0 : ids.length) };
    return { ...judged, retryAfter, ...counts };
  };
}
