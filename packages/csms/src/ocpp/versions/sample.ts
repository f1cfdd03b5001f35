/** One sampled value, of any version, read but not converted. */
export interface Sample {
  /** Undefined where the value is signed data, or no number. */
  readonly value: number | undefined;
  readonly measurand: string;
  readonly unit: string;
  /** The power of ten of 2.x; 0 in 1.6. */
  readonly multiplier: number;
  readonly phase: string | undefined;
  readonly location: string;
  readonly context: string;
}

/** The sampled values of one moment. */
export interface SampledSet {
  /** The station's time, as text. */
  readonly timestamp: string;
  readonly samples: readonly Sample[];
  /** The `sampledValue` as JSON text. */
  readonly raw: string;
}

/** The measurand of a value that names none, in all versions. */
export const energyRegister = "Energy.Active.Import.Register";

/** The unit of a value that names none: Wh for energy, else unknown. */
export function defaultUnit(measurand: string): string {
  return measurand.startsWith("Energy") ? "Wh" : "";
}
