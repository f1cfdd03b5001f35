import type { Services } from "../../services.ts";
import type { ConnectorRow } from "../../store/tables/connectors.ts";

/** A sampled value of 1.6 or 2.x, as far as it is read here. */
interface SampledPower {
  readonly measurand?: unknown;
  readonly phase?: unknown;
  readonly value?: unknown;
  readonly unit?: unknown;
  readonly unitOfMeasure?: { readonly unit?: unknown; readonly multiplier?: unknown } | undefined;
}

/** How many of a transaction's newest samples are looked at. */
const newest = 5;

function watts({ value, unit, unitOfMeasure }: SampledPower): number | undefined {
  const number = Number(value);
  const { multiplier = 0 } = unitOfMeasure ?? {};
  const factor = (unitOfMeasure?.unit ?? unit) === "kW" ? 1_000 : 1;
  const power = number * factor * 10 ** Number(multiplier);
  return Number.isFinite(power) ? power : undefined;
}

/** The power of a set of samples: that over all phases, or else the sum of the phases. */
function powerOf(sampled: string): number | undefined {
  const samples = JSON.parse(sampled) as unknown;
  if (!Array.isArray(samples)) return undefined;
  const powers = (samples as SampledPower[]).filter(({ measurand }) => measurand === "Power.Active.Import");
  const whole = powers.find(({ phase }) => phase === undefined);
  if (whole !== undefined) return watts(whole);
  const phases = powers.map(watts).filter((power) => power !== undefined);
  return phases.length === 0 ? undefined : phases.reduce((sum, power) => sum + power, 0);
}

/** The power that the connectors of a station charge with, in W, as far as their transactions have told it. */
export async function connectorPowers(
  { store, transactions }: Pick<Services, "store" | "transactions">,
  stationId: string,
): Promise<(row: ConnectorRow) => number | undefined> {
  const powers = new Map<string, number>();
  for (const { id, evse_id, connector_id } of await transactions.open(stationId)) {
    const rows = await store.reader
      .selectFrom("meter_values")
      .select("sampled")
      .where("transaction", "=", id)
      .where("station_id", "=", stationId)
      .orderBy("measured_at", "desc")
      .limit(newest)
      .execute();
    const power = rows.map(({ sampled }) => powerOf(sampled)).find((one) => one !== undefined);
    if (power !== undefined) powers.set(`${evse_id}/${connector_id}`, power);
  }
  return ({ evse_id, connector_id }) => powers.get(`${evse_id}/${connector_id}`);
}
