import { energyRegister, type Sample, type SampledSet } from "../../ocpp/versions/sample.ts";
import { parseStationTime } from "./station-time.ts";

/** A reading of the energy register. */
export interface Reading {
  /** The station's time, in milliseconds since 1970. */
  readonly at: number;
  /** Wh. */
  readonly register: number;
}

const unitPowers: { readonly [unit: string]: number } = { wh: 0, kwh: 3 };

/** Where the register is taken from, the best first: what the driver gets before what the station draws. */
const locations = ["Outlet", "Cable", "Body", "Inlet"];

/** A value in Wh, to the thousandth; undefined where it has another unit or is no number. */
function wattHours({ value, unit, multiplier }: Sample): number | undefined {
  const power = Object.hasOwn(unitPowers, unit.toLowerCase()) ? unitPowers[unit.toLowerCase()] : undefined;
  if (value === undefined || power === undefined) return undefined;
  const exponent = power + multiplier;
  const scaled = exponent < 0 ? value / 10 ** -exponent : value * 10 ** exponent;
  return Number.isFinite(scaled) ? Math.round(scaled * 1000) / 1000 : undefined;
}

/** The register at one place: the total where there is one, else the sum over the phases. */
function registerAt(samples: readonly Sample[]): number | undefined {
  const phases = new Map<string, number>();
  for (const sample of samples) {
    const value = wattHours(sample);
    if (value === undefined) continue;
    if (sample.phase === undefined) return value;
    const line = /^(L[123])(-N)?$/.exec(sample.phase);
    // A conductor that is given both by itself and against neutral counts once.
    if (line?.[1] !== undefined && (line[2] === undefined || !phases.has(line[1]))) phases.set(line[1], value);
  }
  if (phases.size === 0) return undefined;
  let sum = 0;
  for (const value of phases.values()) sum += value;
  return Math.round(sum * 1000) / 1000;
}

function registerIn(samples: readonly Sample[]): number | undefined {
  for (const location of locations) {
    const register = registerAt(samples.filter((sample) => sample.location === location));
    if (register !== undefined) return register;
  }
  return undefined;
}

/**
 * The energy that had been imported in all when the samples were taken, in Wh: Energy.Active.Import.Register with its unit
 * and multiplier; a total before the sum of its phases, the outlet before other places. Where a set carries both ends of a
 * transaction, as some stations send with their stop, the end counts. Undefined where no sample says.
 */
export function registerOf(samples: readonly Sample[]): number | undefined {
  const registers = samples.filter((sample) => sample.measurand === energyRegister);
  const [only] = registers;
  if (only === undefined) return undefined;
  // What nearly every station sends: one value, in total.
  if (registers.length === 1 && only.phase === undefined)
    return locations.includes(only.location) ? wattHours(only) : undefined;
  return (
    registerIn(registers.filter(({ context }) => context !== "Transaction.Begin")) ??
    registerIn(registers.filter(({ context }) => context === "Transaction.Begin"))
  );
}

/** The register of the samples that were taken for one reason, such as `Transaction.Begin`. */
export function registerFor(samples: readonly Sample[], context: string): number | undefined {
  return registerIn(samples.filter((sample) => sample.measurand === energyRegister && sample.context === context));
}

/** The readings of the register in sets of samples, as they stand; a set whose time cannot be read counts as of `fallback`. */
export function readingsOf(sets: readonly SampledSet[], fallback: number): Reading[] {
  return sets.flatMap(({ timestamp, samples }) => {
    const register = registerOf(samples);
    return register === undefined ? [] : [{ at: parseStationTime(timestamp) ?? fallback, register }];
  });
}
