import type { Store } from "../../store/store.ts";
import type { StationRow } from "../../store/tables/stations.ts";

/** Which stations a job is for. Nothing given means all. */
export interface StationFilter {
  readonly registration?: StationRow["registration"];
  readonly connected?: boolean;
  readonly protocol?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly firmwareVersion?: string;
}

/** The identities of the stations that a filter lets through, in their order. */
export async function stationsOf({ reader }: Store, filter: StationFilter): Promise<string[]> {
  const { registration, connected, protocol, vendor, model, firmwareVersion } = filter;
  let query = reader.selectFrom("stations").select("id").orderBy("id");
  if (registration !== undefined) query = query.where("registration", "=", registration);
  if (connected !== undefined) query = query.where("connected", "=", connected ? 1 : 0);
  if (protocol !== undefined) query = query.where("protocol", "=", protocol);
  if (vendor !== undefined) query = query.where("vendor", "=", vendor);
  if (model !== undefined) query = query.where("model", "=", model);
  if (firmwareVersion !== undefined) query = query.where("firmware_version", "=", firmwareVersion);
  return (await query.execute()).map(({ id }) => id);
}
