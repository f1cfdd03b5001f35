import type { Configuration } from "../config/configuration.ts";
import { ConflictError } from "./service-error.ts";
import type { StationRegistry } from "./station-registry.ts";

/**
 * Enters the stations that the configuration names and nobody has entered yet. Those that are known stay as they are: what
 * operators have changed since counts.
 */
export async function enterPredefinedStations(
  stations: Pick<StationRegistry, "add" | "get">,
  { stations: { predefined } }: Pick<Configuration, "stations">,
): Promise<void> {
  for (const { identity, password, heartbeatInterval, securityProfile, registration } of predefined) {
    if ((await stations.get(identity)) !== undefined) continue;
    try {
      await stations.add(identity, {
        registration,
        heartbeatInterval,
        ...(password === null ? {} : { password }),
        ...(securityProfile === null ? {} : { securityProfile }),
      });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
