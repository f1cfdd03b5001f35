import { choice, list, nullable, record, rowId, type Schema, stationId, text, time } from "../../http/schema.ts";
import { isoTime } from "../../http/times.ts";
import { maskUrls } from "../../observability/url-mask.ts";
import type { DeliveryRow, WebhookRow } from "../../store/tables/webhooks.ts";
import { storedJson } from "../../transactions/rest/transaction-json.ts";
import { batchBounds } from "../target.ts";

/** How deliveries can stand. */
export const deliveryStatuses: readonly DeliveryRow["status"][] = ["pending", "delivered", "dead", "dropped"];

function batchJson({ batch_events, batch_bytes }: WebhookRow): Record<string, unknown> | null {
  if (batch_events === null) return null;
  return { maxEvents: batch_events, ...(batch_bytes === null ? {} : { maxBytes: batch_bytes }) };
}

/** A webhook as REST shows it, of which so many deliveries wait. */
export function webhookJson(row: WebhookRow, waiting: number): Record<string, unknown> {
  return {
    id: row.id,
    url: maskUrls(row.url),
    kinds: storedJson(row.kinds),
    chargePointIds: storedJson(row.stations),
    active: row.active === 1,
    batch: batchJson(row),
    waiting,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

/** A delivery as REST shows it. */
export function deliveryJson(row: DeliveryRow): Record<string, unknown> {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    eventId: row.event_id,
    status: row.status,
    attempts: row.attempts,
    dueAt: isoTime(row.next_at),
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

/** What can be set of a webhook. */
export const webhookSettings: Readonly<Record<string, Schema>> = {
  url: { ...text("Where events are posted: http or https.", 2000), format: "uri" },
  kinds: nullable({
    ...list(
      { type: "string", pattern: "^[a-z]+(\\.[a-z-]+)?$", maxLength: 50 },
      "Kinds of events, or families of them; null for all.",
    ),
    maxItems: 50,
  }),
  chargePointIds: nullable({ ...list(stationId, "Whose events; null for all stations."), maxItems: 1000 }),
  active: { type: "boolean", description: "Whether it is told of events; true unless given." },
  batch: {
    description:
      "How much goes into one post, which is then a JSON array of events; null for one event in each, which is then the post itself.",
    anyOf: [
      record(
        {
          maxEvents: {
            type: "integer",
            minimum: 1,
            maximum: batchBounds.events,
            description: "How many events at most.",
          },
          maxBytes: {
            type: "integer",
            minimum: batchBounds.bytes,
            description:
              "How many bytes at most, up to `webhooks.maxBody` of the configuration, which holds unless given.",
          },
        },
        ["maxBytes"],
      ),
      { type: "null" },
    ],
  },
};

/** What is shown of a webhook, but for its secret. */
export const webhookFields: Readonly<Record<string, Schema>> = {
  id: rowId,
  ...webhookSettings,
  waiting: { type: "integer", minimum: 0, description: "How many deliveries wait, those under way among them." },
  createdAt: time,
  updatedAt: time,
};

/** What `deliveryJson` gives. */
export const deliverySchema: Schema = record({
  id: rowId,
  webhookId: rowId,
  eventId: rowId,
  status: choice(
    "Whether it is on its way, there, or given up: dead after so many attempts, dropped because it, or too many, waited.",
    deliveryStatuses,
  ),
  attempts: { type: "integer", minimum: 0 },
  dueAt: { ...time, description: "When it is tried next; of those given up, when it would have been." },
  lastStatus: nullable({ type: "integer", description: "The HTTP status of the last attempt." }),
  lastError: nullable({ type: "string" }),
  createdAt: time,
  updatedAt: time,
});
