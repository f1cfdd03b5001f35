import { createStaleCommands } from "./commands/jobs/stale.ts";
import { createStatusMonitor } from "./connectors/jobs/status-monitor.ts";
import type { BackgroundService } from "./jobs/background-service.ts";
import { createLogSizes } from "./observability/jobs/log-sizes.ts";
import { createRetention } from "./observability/jobs/retention.ts";
import { createReservationExpiry } from "./reservations/jobs/expiry.ts";
import type { Services } from "./services.ts";
import { createConnectionMonitor } from "./stations/jobs/connection-monitor.ts";
import { createDoubtfulTransactions } from "./transactions/jobs/doubtful.ts";
import { createMeterBackup } from "./transactions/jobs/meter-backup.ts";
import { createMeterCollection } from "./transactions/jobs/meter-collection.ts";
import { createOfflineTransactions } from "./transactions/jobs/offline.ts";
import { createOrphanMonitor } from "./transactions/jobs/orphans.ts";
import { createWebhookDelivery } from "./webhooks/jobs/delivery.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** Makes all background services, in the order in which they are shown. */
export function createBackgroundServices(services: Services & { readonly webhooks: Webhooks }): BackgroundService[] {
  return [
    createMeterCollection(services),
    createOfflineTransactions(services),
    createDoubtfulTransactions(services),
    createMeterBackup(services),
    createConnectionMonitor(services),
    createStatusMonitor(services),
    createOrphanMonitor(services),
    createReservationExpiry(services),
    createWebhookDelivery(services),
    createRetention(services),
    createLogSizes(services),
    createStaleCommands(services),
  ];
}
