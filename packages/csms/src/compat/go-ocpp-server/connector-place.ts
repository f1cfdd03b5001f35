import { factsOf } from "../../ocpp/versions/versions.ts";
import type { StationRow } from "../../store/tables/stations.ts";

/** Where something is on a station, as the services want it told. */
export interface ConnectorPlace {
  readonly evseId: number;
  readonly connectorId?: number;
}

/**
 * What the `connectorId` of go-ocpp-server stands for: in 1.6 the connector; in 2.x, which it did not know, the EVSE of that
 * number, unless the EVSE is named as well.
 */
export function connectorPlace(
  { protocol }: Pick<StationRow, "protocol">,
  connectorId: number,
  evseId?: number,
): ConnectorPlace {
  if (evseId !== undefined) return { evseId, connectorId };
  const hasEvses = protocol !== null && factsOf(protocol).hasEvses;
  return hasEvses ? { evseId: connectorId } : { evseId: connectorId, connectorId };
}
