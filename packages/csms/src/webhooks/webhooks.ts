import type { Infrastructure } from "../infrastructure.ts";
import { ConflictError, NotFoundError } from "../shared/service-error.ts";
import type { DeliveryRow, WebhookRow } from "../store/tables/webhooks.ts";
import { createWebhookAddresses } from "./address.ts";
import { createWebhookLanes } from "./lanes.ts";
import { createWebhookOutbox, type WebhookTarget } from "./outbox.ts";
import { createDeliveryRepository } from "./repository/deliveries.ts";
import { createWebhookRepository } from "./repository/webhooks.ts";
import { createWebhookRequest } from "./request.ts";
import { newWebhookSecret } from "./signature.ts";
import { columnsOf, filterOf, type WebhookSettings } from "./target.ts";

/**
 * Delivers events by HTTP POST, signed with HMAC-SHA256 (headers `webhook-id`, `webhook-timestamp` and
 * `webhook-signature` of the Standard Webhooks convention), at least once, those of one station in order, and with back-off
 * where they fail. What has failed too often, or has waited for too long, is given up visibly, and can be sent again.
 */
export interface Webhooks {
  /** Makes a webhook; its secret is returned once, here. Rejects with a ConflictError where there are too many. */
  add(settings: WebhookSettings): Promise<{ readonly row: WebhookRow; readonly secret: string }>;
  change(id: number, settings: Partial<WebhookSettings>): Promise<WebhookRow>;
  remove(id: number): Promise<boolean>;
  list(): Promise<WebhookRow[]>;
  get(id: number): Promise<WebhookRow | undefined>;
  /** How many deliveries wait for a webhook. */
  waiting(id: number): number;
  /** Puts a delivery that was given up back on its way; whether there was one. */
  retry(deliveryId: number): Promise<boolean>;
  delivery(id: number): Promise<DeliveryRow | undefined>;
  /** Sends what is due; how many were delivered and how many failed. Run by a background service. */
  deliverDue(signal: AbortSignal): Promise<{ readonly delivered: number; readonly failed: number }>;
  close(): Promise<void>;
}

/** How many there may be: each has posts of its own under way, so that none holds up another. */
const mostWebhooks = 200;

/**
 * Makes the webhooks, and resolves when everything that happened while the process was down is on its way. What is new is
 * sent at once; `deliverDue` is for what has to be tried again.
 */
export async function createWebhooks(infrastructure: Infrastructure): Promise<Webhooks> {
  const { store, clock, configuration } = infrastructure;
  const parts: Infrastructure = { ...infrastructure, log: infrastructure.log.part("webhooks") };
  const { timeout, attempts, concurrency, maxBody, maxAge, maxWaiting } = configuration.webhooks;
  const { allowPrivateAddresses, allowedNetworks } = configuration.webhooks;
  const addresses = createWebhookAddresses({ all: allowPrivateAddresses, networks: allowedNetworks });
  const rows = createWebhookRepository(store);
  const deliveries = createDeliveryRepository(store);
  const targets = new Map<number, WebhookTarget>();
  const keep = (row: WebhookRow): void => {
    targets.set(row.id, { row, filter: filterOf(row) });
  };
  for (const row of await rows.all()) keep(row);

  const request = createWebhookRequest({
    clock,
    timeout: timeout * 1_000,
    userAgent: configuration.systemName,
    addresses,
  });
  const lanes = createWebhookLanes(
    parts,
    { get: (id) => targets.get(id)?.row, ids: () => Array.from(targets.keys()) },
    { send: request.send, attempts, concurrency, maxBody, maxAge: maxAge * 1_000, maxWaiting },
  );
  const outbox = createWebhookOutbox(
    parts,
    () => targets.values(),
    (counts) => {
      lanes.extend(counts);
    },
  );
  await lanes.start();
  await outbox.start();

  return {
    add: async (settings) => {
      const given = columnsOf(settings, addresses, maxBody);
      if (targets.size >= mostWebhooks) {
        throw new ConflictError(`There are ${mostWebhooks} webhooks already: remove one, or let a receiver share one`);
      }
      const now = clock.now();
      const secret = newWebhookSecret();
      const row: WebhookRow = {
        kinds: null,
        stations: null,
        active: 1,
        batch_events: null,
        batch_bytes: null,
        ...given,
        id: store.nextId(),
        url: settings.url,
        secret,
        created_at: now,
        updated_at: now,
      };
      await store.write(rows.insertion(row));
      keep(row);
      return { row, secret };
    },
    change: async (id, settings) => {
      const columns = columnsOf(settings, addresses, maxBody);
      // What has happened so far goes by the old settings.
      await outbox.flush();
      const target = targets.get(id);
      if (target === undefined) throw new NotFoundError(`There is no webhook ${id}`);
      const row: WebhookRow = { ...target.row, ...columns, updated_at: clock.now() };
      await store.write(rows.patch(id, { ...columns, updated_at: row.updated_at }));
      keep(row);
      lanes.change(id, settings.batch !== undefined);
      return row;
    },
    remove: async (id) => {
      const target = targets.get(id);
      if (target === undefined) return false;
      targets.delete(id);
      // What is being written down for it is there before it is deleted.
      await outbox.flush();
      try {
        await store.write(deliveries.removalOf(id), rows.removal(id));
      } catch (error) {
        targets.set(id, target);
        throw error;
      }
      return true;
    },
    list: () => Promise.resolve(Array.from(targets.values(), ({ row }) => row)),
    get: (id) => Promise.resolve(targets.get(id)?.row),
    waiting: (id) => lanes.waiting(id),
    retry: async (id) => {
      const now = clock.now();
      const [changed = 0] = await store.write(deliveries.readmission(id, now));
      if (changed === 0) return false;
      await lanes.readmit(id);
      return true;
    },
    delivery: (id) => deliveries.get(id),
    deliverDue: (signal) => lanes.deliverDue(signal),
    close: async () => {
      // Attempts end at once: one that hangs does not wait for a database that does.
      await Promise.all([outbox.close(), lanes.close()]);
      request.close();
    },
  };
}
