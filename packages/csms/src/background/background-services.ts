import type { BackgroundService } from "../services/background-service.ts";
import type { Services } from "../services/services.ts";
import type { Webhooks } from "../services/webhooks.ts";
import { createConnectionMonitor } from "./connection-monitor.ts";
import { createMeterBackup } from "./meter-backup.ts";
import { createMeterCollection } from "./meter-collection.ts";
import { createOfflineTransactions } from "./offline-transactions.ts";
import { createOrphanMonitor } from "./orphan-monitor.ts";
import { createReservationExpiry } from "./reservation-expiry.ts";
import { createRetention } from "./retention.ts";
import { createStaleCommands } from "./stale-commands.ts";
import { createStatusMonitor } from "./status-monitor.ts";
import { createWebhookDelivery } from "./webhook-delivery.ts";

/** Makes all background services, in the order in which they are shown. */
export function createBackgroundServices(services: Services & { readonly webhooks: Webhooks }): BackgroundService[] {
  return [
    createMeterCollection(services),
    createOfflineTransactions(services),
    createMeterBackup(services),
    createConnectionMonitor(services),
    createStatusMonitor(services),
    createOrphanMonitor(services),
    createReservationExpiry(services),
    createWebhookDelivery(services),
    createRetention(services),
    createStaleCommands(services),
  ];
}
