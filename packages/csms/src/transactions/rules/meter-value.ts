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

/** A MeterValue of 1.6, as far as it is read here (1.6 §7.33, §7.43). */
export interface MeterValue16 {
  readonly timestamp: string;
  readonly sampledValue: readonly {
    readonly value: string;
    readonly context?: string | undefined;
    readonly format?: string | undefined;
    readonly measurand?: string | undefined;
    readonly phase?: string | undefined;
    readonly location?: string | undefined;
    readonly unit?: string | undefined;
  }[];
}

/** A MeterValueType of 2.x, as far as it is read here. */
export interface MeterValue2x {
  readonly timestamp: string;
  readonly sampledValue: readonly {
    readonly value: number;
    readonly context?: string | undefined;
    readonly measurand?: string | undefined;
    readonly phase?: string | undefined;
    readonly location?: string | undefined;
    readonly unitOfMeasure?:
      | { readonly unit?: string | undefined; readonly multiplier?: number | undefined }
      | undefined;
  }[];
}

/** The measurand of a value that names none, in all versions. */
export const energyRegister = "Energy.Active.Import.Register";

const decimal = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?$/;

/** The number that a text is, with a point or a comma; undefined where it is none. */
function readDecimal(text: unknown): number | undefined {
  const trimmed = String(text).trim();
  if (!decimal.test(trimmed)) return undefined;
  const value = Number(trimmed.replace(",", "."));
  return Number.isFinite(value) ? value : undefined;
}

/** The unit of a value that names none: Wh for energy, else unknown. */
function defaultUnit(measurand: string): string {
  return measurand.startsWith("Energy") ? "Wh" : "";
}

/** Reads a MeterValue of 1.6, with the defaults of §7.43. */
export function readSampled16(meterValue: MeterValue16): SampledSet {
  const { timestamp, sampledValue } = meterValue;
  const samples = sampledValue.map((sampled): Sample => {
    const measurand = sampled.measurand ?? energyRegister;
    return {
      value: sampled.format === "SignedData" ? undefined : readDecimal(sampled.value),
      measurand,
      unit: sampled.unit ?? defaultUnit(measurand),
      multiplier: 0,
      phase: sampled.phase,
      location: sampled.location ?? "Outlet",
      context: sampled.context ?? "Sample.Periodic",
    };
  });
  return { timestamp, samples, raw: JSON.stringify(sampledValue) };
}

/** Reads a MeterValueType of 2.x, with the defaults of its schema. Of a signed value, the readable number counts. */
export function readSampled2x(meterValue: MeterValue2x): SampledSet {
  const { timestamp, sampledValue } = meterValue;
  const samples = sampledValue.map((sampled): Sample => {
    const measurand = sampled.measurand ?? energyRegister;
    return {
      value: Number.isFinite(sampled.value) ? sampled.value : undefined,
      measurand,
      unit: sampled.unitOfMeasure?.unit ?? defaultUnit(measurand),
      multiplier: sampled.unitOfMeasure?.multiplier ?? 0,
      phase: sampled.phase,
      location: sampled.location ?? "Outlet",
      context: sampled.context ?? "Sample.Periodic",
    };
  });
  return { timestamp, samples, raw: JSON.stringify(sampledValue) };
}
