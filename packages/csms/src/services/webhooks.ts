import type { DeliveryRow, WebhookRow } from "../store/tables.ts";
import type { Platform } from "./platform.ts";
import { NotFoundError } from "./service-error.ts";
import { createAttempt } from "./webhook-attempt.ts";
import { createWebhookLanes } from "./webhook-lanes.ts";
import { createWebhookOutbox, type WebhookTarget } from "./webhook-outbox.ts";
import { createWebhookRequest } from "./webhook-request.ts";
import { newWebhookSecret } from "./webhook-signature.ts";
import { columnsOf, filterOf } from "./webhook-target.ts";

/** A webhook as somebody wants it. Nothing given for kinds or stations means all. */
export interface WebhookSettings {
  /** http or https. */
  readonly url: string;
  readonly kinds?: readonly string[] | null | undefined;
  readonly stations?: readonly string[] | null | undefined;
  readonly active?: boolean | undefined;
}

/**
 * Tells others of events by HTTP POST, signed with HMAC-SHA256 (headers `webhook-id`, `webhook-timestamp` and
 * `webhook-signature` of the Standard Webhooks convention), at least once, and with back-off where they fail; what has failed too often goes
 * to the dead letters.
 */
export interface Webhooks {
  /** Makes a webhook; its secret is told here once. */
  add(settings: WebhookSettings): Promise<{ readonly row: WebhookRow; readonly secret: string }>;
  change(id: number, settings: Partial<WebhookSettings>): Promise<WebhookRow>;
  remove(id: number): Promise<boolean>;
  list(): Promise<WebhookRow[]>;
  get(id: number): Promise<WebhookRow | undefined>;
  /** Puts a dead letter back on its way; whether there was one. */
  retry(deliveryId: number): Promise<boolean>;
  delivery(id: number): Promise<DeliveryRow | undefined>;
  /** Sends what is due; how many were delivered and how many failed. Run by a background service. */
  deliverDue(signal: AbortSignal): Promise<{ readonly delivered: number; readonly failed: number }>;
  close(): Promise<void>;
}

/**
 * Makes the webhooks, and resolves when everything that happened while the process was down is on its way. What is new is
 * sent at once; `deliverDue` is for what has to be tried again.
 */
export async function createWebhooks(platform: Platform): Promise<Webhooks> {
  const { store, clock, configuration } = platform;
  const parts: Platform = { ...platform, log: platform.log.part("webhooks") };
  const { timeout, attempts } = configuration.webhooks;
  const targets = new Map<number, WebhookTarget>();
  const keep = (row: WebhookRow): void => {
    targets.set(row.id, { row, filter: filterOf(row) });
  };
  for (const row of await store.reader.selectFrom("webhooks").selectAll().execute()) keep(row);

  const send = createWebhookRequest(clock, timeout * 1_000, configuration.systemName);
  const lanes = createWebhookLanes(
    parts,
    { get: (id) => targets.get(id)?.row, ids: () => Array.from(targets.keys()) },
    createAttempt(parts, send, attempts),
  );
  const outbox = createWebhookOutbox(
    parts,
    () => targets.values(),
    (ids) => {
      lanes.wake(ids);
    },
  );
  await outbox.start();

  const delivery = (id: number): Promise<DeliveryRow | undefined> =>
    store.reader.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirst();

  return {
    add: async (settings) => {
      const columns = { kinds: null, stations: null, active: 1 as const, ...columnsOf(settings) };
      const now = clock.now();
      const secret = newWebhookSecret();
      const row: WebhookRow = {
        ...columns,
        id: store.nextId(),
        url: settings.url,
        secret,
        created_at: now,
        updated_at: now,
      };
      await store.write(store.reader.insertInto("webhooks").values(row));
      keep(row);
      return { row, secret };
    },
    change: async (id, settings) => {
      const columns = columnsOf(settings);
      // What has happened so far goes by the old settings.
      await outbox.flush();
      const target = targets.get(id);
      if (target === undefined) throw new NotFoundError(`There is no webhook ${id}`);
      const row: WebhookRow = { ...target.row, ...columns, updated_at: clock.now() };
      await store.write(
        store.reader
          .updateTable("webhooks")
          .set({ ...columns, updated_at: row.updated_at })
          .where("id", "=", id),
      );
      keep(row);
      lanes.wake([id]);
      return row;
    },
    remove: async (id) => {
      if (!targets.delete(id)) return false;
      await store.write(
        store.reader.deleteFrom("deliveries").where("webhook_id", "=", id),
        store.reader.deleteFrom("webhooks").where("id", "=", id),
      );
      return true;
    },
    list: () => Promise.resolve(Array.from(targets.values(), ({ row }) => row)),
    get: (id) => Promise.resolve(targets.get(id)?.row),
    retry: async (id) => {
      const now = clock.now();
      const [changed = 0] = await store.write(
        store.reader
          .updateTable("deliveries")
          .set({ status: "pending", attempts: 0, next_at: now, updated_at: now })
          .where("id", "=", id)
          .where("status", "=", "dead"),
      );
      if (changed === 0) return false;
      const row = await delivery(id);
      if (row !== undefined) lanes.wake([row.webhook_id]);
      return true;
    },
    delivery,
    deliverDue: (signal) => lanes.deliverDue(signal),
    close: async () => {
      await outbox.close();
      await lanes.close();
    },
  };
}
