import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";

/** Makes the service that stores the newest energy register of each open transaction once more, with the source Backup. */
export function createMeterBackup({ transactions, configuration }: Services): BackgroundService {
  return {
    name: "meter-backup",
    description: "Keeps the newest energy register of every open transaction once more.",
    interval: configuration.background.meterBackup * 1_000,
    run: async () => {
      const kept = await transactions.backUp();
      return kept === 0 ? "There was no new register to store." : `Registers stored once more: ${kept}.`;
    },
  };
}
