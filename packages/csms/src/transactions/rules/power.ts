import type { Sample } from "../../ocpp/versions/sample.ts";

function watts({ value, unit, multiplier }: Sample): number | undefined {
  if (value === undefined) return undefined;
  const power = value * (unit === "kW" ? 1_000 : 1) * 10 ** multiplier;
  return Number.isFinite(power) ? power : undefined;
}

/** The power that a station delivers by a set of samples, in W: that over all phases, or else the sum of the phases. */
export function powerOf(samples: readonly Sample[]): number | undefined {
  const powers = samples.filter(({ measurand }) => measurand === "Power.Active.Import");
  const whole = powers.find(({ phase }) => phase === undefined);
  if (whole !== undefined) return watts(whole);
  const phases = powers.map(watts).filter((power) => power !== undefined);
  return phases.length === 0 ? undefined : phases.reduce((sum, power) => sum + power, 0);
}
