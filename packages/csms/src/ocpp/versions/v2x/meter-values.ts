import { defaultUnit, energyRegister, type Sample, type SampledSet } from "../sample.ts";

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
