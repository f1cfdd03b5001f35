import { describe, expect, it } from "vitest";
import { readSampled2x } from "./v2x/meter-values.ts";
import { readSampled16 } from "./v16/meter-values.ts";

const timestamp = "2026-03-01T12:00:00Z";

describe("readSampled16", () => {
  it("fills in what 1.6 leaves out", () => {
    const set = readSampled16({ timestamp, sampledValue: [{ value: "1234" }] });
    expect(set.samples).toEqual([
      {
        value: 1234,
        measurand: "Energy.Active.Import.Register",
        unit: "Wh",
        multiplier: 0,
        phase: undefined,
        location: "Outlet",
        context: "Sample.Periodic",
      },
    ]);
    expect(set).toMatchObject({ timestamp, raw: '[{"value":"1234"}]' });
  });

  it.each([
    ["12.5", 12.5],
    [" -3 ", -3],
    ["1,5", 1.5],
    ["1e3", 1000],
    [".5", 0.5],
    ["", undefined],
    ["12 kWh", undefined],
    ["0x10", undefined],
    ["NaN", undefined],
    ["1e999", undefined],
  ])("reads the value %j", (value, expected) => {
    expect(readSampled16({ timestamp, sampledValue: [{ value }] }).samples[0]?.value).toBe(expected);
  });

  it("reads no number out of signed data, and knows no unit for other measurands", () => {
    const set = readSampled16({
      timestamp,
      sampledValue: [
        { value: "1234", format: "SignedData" },
        { value: "1234", format: "Raw", measurand: "Voltage", context: "Trigger", phase: "L1", location: "Inlet" },
      ],
    });
    expect(set.samples[0]?.value).toBeUndefined();
    expect(set.samples[1]).toEqual({
      value: 1234,
      measurand: "Voltage",
      unit: "",
      multiplier: 0,
      phase: "L1",
      location: "Inlet",
      context: "Trigger",
    });
  });
});

describe("readSampled2x", () => {
  it("fills in what 2.x leaves out, and takes the multiplier", () => {
    const set = readSampled2x({
      timestamp,
      sampledValue: [
        { value: 0.5 },
        {
          value: 7,
          unitOfMeasure: { unit: "kWh", multiplier: -3 },
          measurand: "Energy.Active.Export.Register",
          context: "Transaction.End",
        },
        { value: 50, unitOfMeasure: { multiplier: 1 } },
        { value: Number.NaN },
      ],
    });
    expect(set.samples).toEqual([
      {
        value: 0.5,
        measurand: "Energy.Active.Import.Register",
        unit: "Wh",
        multiplier: 0,
        phase: undefined,
        location: "Outlet",
        context: "Sample.Periodic",
      },
      {
        value: 7,
        measurand: "Energy.Active.Export.Register",
        unit: "kWh",
        multiplier: -3,
        phase: undefined,
        location: "Outlet",
        context: "Transaction.End",
      },
      {
        value: 50,
        measurand: "Energy.Active.Import.Register",
        unit: "Wh",
        multiplier: 1,
        phase: undefined,
        location: "Outlet",
        context: "Sample.Periodic",
      },
      {
        value: undefined,
        measurand: "Energy.Active.Import.Register",
        unit: "Wh",
        multiplier: 0,
        phase: undefined,
        location: "Outlet",
        context: "Sample.Periodic",
      },
    ]);
  });

  it("keeps signed values as they came", () => {
    const sampledValue = [
      {
        value: 1,
        signedMeterValue: { signedMeterData: "AAAA", signingMethod: "", encodingMethod: "OCMF", publicKey: "" },
      },
    ];
    expect(readSampled2x({ timestamp, sampledValue }).raw).toBe(JSON.stringify(sampledValue));
  });
});
