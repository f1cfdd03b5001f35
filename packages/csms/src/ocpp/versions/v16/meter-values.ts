import { defaultUnit, energyRegister, type Sample, type SampledSet } from "../sample.ts";

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

const decimal = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?$/;

/** The number that a text is, with a point or a comma; undefined where it is none. */
function readDecimal(text: unknown): number | undefined {
  const trimmed = String(text).trim();
  if (!decimal.test(trimmed)) return undefined;
  const value = Number(trimmed.replace(",", "."));
  return Number.isFinite(value) ? value : undefined;
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
