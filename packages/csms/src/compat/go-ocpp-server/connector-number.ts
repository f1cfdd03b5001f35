import { createHash } from "node:crypto";
import type { ConnectorRow } from "../../store/tables/connectors.ts";

/** A number made of what names a connector: go-ocpp-server numbered its rows, and ours have no number of their own. */
export function connectorNumber({
  station_id,
  evse_id,
  connector_id,
}: Pick<ConnectorRow, "station_id" | "evse_id" | "connector_id">): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([station_id, evse_id, connector_id]))
    .digest();
  return digest.readUIntBE(0, 6) + 1;
}
