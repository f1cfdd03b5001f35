import { eventKindSchema } from "../../events/kinds.ts";
import { maskUrls } from "../../observability/url-mask.ts";
import { isoTime } from "../../shared/iso-time.ts";
import {
  annotated,
  boolean,
  choice,
  count,
  integer,
  list,
  nullable,
  record,
  rowId,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
} from "../../shared/schema.ts";
import type { DeliveryRow, WebhookRow } from "../../store/tables/webhooks.ts";
import { storedJson } from "../../transactions/rest/transaction-json.ts";
import { batchBounds } from "../target.ts";

/** How deliveries can stand. */
export const deliveryStatuses: readonly DeliveryRow["status"][] = ["pending", "delivered", "dead", "dropped"];

const batchSchema = record(
  {
    maxEvents: whole("How many events at most.", 1, batchBounds.events),
    maxBytes: whole(
      "How many bytes at most, up to `webhooks.maxBody` of the configuration, which holds unless given.",
      batchBounds.bytes,
    ),
  },
  ["maxBytes"],
);

/** What can be set of a webhook. */
export const webhookSettings = {
  url: annotated(text("Where events are posted: http or https.", 2000), { format: "uri" }),
  kinds: nullable({
    ...list(eventKindSchema, "Kinds of events, or families of them; null for all."),
    maxItems: 50,
  }),
  stationIds: nullable({ ...list(stationId, "Whose events; null for all stations."), maxItems: 1000 }),
  active: boolean("Whether it is told of events; true unless given."),
  batch: annotated(nullable(batchSchema), {
    description:
      "How much goes into one post, which is then a JSON array of events; null for one event in each, which is then the post itself.",
  }),
};

/** What is shown of a webhook, but for its secret. */
export const webhookFields = {
  id: rowId,
  ...webhookSettings,
  waiting: count("How many deliveries wait, those under way among them."),
  createdAt: time,
  updatedAt: time,
};

/** The schema of a webhook. */
export const webhookSchema = record(webhookFields);

/** A webhook as REST shows it. */
export type WebhookJson = Static<typeof webhookSchema>;

/** What `deliveryJson` gives. */
export const deliverySchema = record({
  id: rowId,
  webhookId: rowId,
  eventId: rowId,
  status: choice(
    "Whether it is on its way, there, or given up: dead after so many attempts, dropped because it, or too many, waited.",
    deliveryStatuses,
  ),
  attempts: count(),
  dueAt: { ...time, description: "When it is tried next; of those given up, when it would have been." },
  lastStatus: nullable(integer("The HTTP status of the last attempt.")),
  lastError: nullable(string()),
  createdAt: time,
  updatedAt: time,
});

function batchJson({ batch_events, batch_bytes }: WebhookRow): Static<typeof batchSchema> | null {
  if (batch_events === null) return null;
  return { maxEvents: batch_events, ...(batch_bytes === null ? {} : { maxBytes: batch_bytes }) };
}

/** A webhook as REST shows it, of which so many deliveries wait. */
export function webhookJson(row: WebhookRow, waiting: number): WebhookJson {
  return {
    id: row.id,
    url: maskUrls(row.url),
    // Both as the settings describe them: so they were written.
    kinds: storedJson(row.kinds) as WebhookJson["kinds"],
    stationIds: storedJson(row.stations) as WebhookJson["stationIds"],
    active: row.active === 1,
    batch: batchJson(row),
    waiting,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
  };
}

/** A delivery as REST shows it. */
export function deliveryJson(row: DeliveryRow): Static<typeof deliverySchema> {
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
