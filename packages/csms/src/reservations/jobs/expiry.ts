import type { BackgroundService } from "../../jobs/background-service.ts";
import type { Services } from "../../services.ts";

/** Makes the service that ends reservations whose time is over. */
export function createReservationExpiry({ reservations, configuration }: Services): BackgroundService {
  return {
    name: "reservation-expiry",
    description: "Ends reservations whose time is over.",
    interval: configuration.background.reservationExpiry * 1_000,
    run: async () => {
      const expired = await reservations.expire();
      return expired === 0 ? "No reservation was over." : `Reservations that were over: ${expired}.`;
    },
  };
}
