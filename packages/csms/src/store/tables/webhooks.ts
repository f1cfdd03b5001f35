import type { Flag, TableDescriptions } from "./description.ts";

/** The receivers of events over HTTP. */
export interface WebhookRow {
  id: number;
  url: string;
  secret: string;
  /** JSON lists; null for all. */
  kinds: string | null;
  stations: string | null;
  active: Flag;
  /** How many events, and how many bytes, a post holds at most; null for one event a post. */
  batch_events: number | null;
  batch_bytes: number | null;
  created_at: number;
  updated_at: number;
}

/** An event on its way to a webhook. Of one webhook, a higher id is a later event. */
export interface DeliveryRow {
  id: number;
  webhook_id: number;
  event_id: number;
  /** The station of the event, whose deliveries stay in order. */
  station_id: string | null;
  /** Dead: given up after so many attempts. Dropped: given up because it, or too many, waited for too long. */
  status: "pending" | "delivered" | "dead" | "dropped";
  attempts: number;
  next_at: number;
  last_status: number | null;
  last_error: string | null;
  created_at: number;
  updated_at: number;
}

/** The tables of this subject by name. */
export interface WebhookTables {
  webhooks: WebhookRow;
  deliveries: DeliveryRow;
}

/** What must be known of each. */
export const webhookTables: TableDescriptions<WebhookTables> = {
  webhooks: {
    key: ["id"],
    id: "id",
    longTexts: ["kinds", "stations"],
    age: null,
    idTokens: null,
  },
  deliveries: {
    key: ["id"],
    id: "id",
    longTexts: [],
    age: { time: "created_at", only: "status <> 'pending'" },
    idTokens: null,
  },
};
