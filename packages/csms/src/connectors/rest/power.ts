import { factsOf } from "../../ocpp/versions/versions.ts";
import type { Services } from "../../services.ts";
import type { ConnectorRow } from "../../store/tables/connectors.ts";
import { transactionQueries } from "../../transactions/repository/queries.ts";
import { powerOf } from "../../transactions/rules/power.ts";

/** How many of a transaction's newest samples are looked at. */
const newest = 5;

/** The power that the connectors of a station charge with, in W, as far as their transactions have reported it. */
export async function connectorPowers(
  { store, transactions }: Pick<Services, "store" | "transactions">,
  stationId: string,
): Promise<(row: ConnectorRow) => number | undefined> {
  const { newestSamples } = transactionQueries(store);
  const powers = new Map<string, number>();
  for (const row of await transactions.open(stationId)) {
    const { readSamples } = factsOf(row.protocol);
    const sets = await newestSamples(row, newest);
    const power = sets.map((sampled) => powerOf(readSamples(sampled))).find((one) => one !== undefined);
    if (power !== undefined) powers.set(`${row.evse_id}/${row.connector_id}`, power);
  }
  return ({ evse_id, connector_id }) => powers.get(`${evse_id}/${connector_id}`);
}
