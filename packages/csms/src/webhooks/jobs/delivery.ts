import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";
import type { Webhooks } from "../webhooks.ts";

/** Makes the service that sends again what webhooks did not take. */
export function createWebhookDelivery({
  webhooks,
  configuration,
}: Pick<Services, "configuration"> & { readonly webhooks: Webhooks }): BackgroundService {
  return {
    name: "webhook-delivery",
    description: "Sends the deliveries to webhooks that are due.",
    interval: configuration.background.webhookRetry * 1_000,
    run: async (signal) => {
      const { delivered, failed } = await webhooks.deliverDue(signal);
      return delivered + failed === 0 ? "Nothing was due." : `Delivered: ${delivered}; failed: ${failed}.`;
    },
  };
}
