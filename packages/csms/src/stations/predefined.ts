import type { Configuration } from "../config/configuration.ts";
import { ConflictError } from "../shared/service-error.ts";
import type { StationRegistry } from "./registry.ts";

/**
 * Enters the stations that the configuration names and that are not known yet. Those that are known stay as they are: what
 * operators have changed since counts.
 */
export async function enterPredefinedStations(
  stations: Pick<StationRegistry, "add" | "get">,
  { stations: { predefined } }: Pick<Configuration, "stations">,
): Promise<void> {
  for (const { identity, password, securityProfile, ...settings } of predefined) {
    if ((await stations.get(identity)) !== undefined) continue;
    try {
      await stations.add(identity, {
        ...settings,
        ...(password === null ? {} : { password }),
        ...(securityProfile === null ? {} : { securityProfile }),
      });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
