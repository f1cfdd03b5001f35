import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample } from "../../ocpp/versions/sample.ts";
import { readingsOf, registerFor, registerOf } from "./energy-register.ts";

const plain: Sample = {
  value: 1000,
  measurand: "Energy.Active.Import.Register",
  unit: "Wh",
  multiplier: 0,
  phase: undefined,
  location: "Outlet",
  context: "Sample.Periodic",
};

function sample(changes: Partial<Sample>): Sample {
  return { ...plain, ...changes };
}

describe("registerOf", () => {
  it.each([
    [{}, 1000],
    [{ unit: "kWh" }, 1_000_000],
    [{ unit: "KWH", value: 12.345 }, 12_345],
    [{ multiplier: 3 }, 1_000_000],
    [{ unit: "kWh", multiplier: -3 }, 1000],
    [{ multiplier: -1, value: 12_345 }, 1234.5],
    [{ value: 0 }, 0],
    [{ unit: "" }, undefined],
    [{ unit: "constructor" }, undefined],
    [{ unit: "varh" }, undefined],
    [{ value: undefined }, undefined],
    [{ multiplier: 400 }, undefined],
    [{ measurand: "Energy.Active.Import.Interval" }, undefined],
    [{ location: "EV" }, undefined],
  ])("reads %j", (changes, expected) => {
    expect(registerOf([sample(changes)])).toBe(expected);
  });

  it("takes the total before the sum of the phases", () => {
    const phases = ["L1", "L2", "L3"].map((phase, index) => sample({ phase, value: (index + 1) * 0.1 }));
    expect(registerOf(phases)).toBe(0.6);
    expect(registerOf([...phases, sample({ value: 7 })])).toBe(7);
    expect(registerOf([...phases, ...phases.map((one) => sample({ ...one, phase: `${one.phase}-N` }))])).toBe(0.6);
    expect(registerOf([sample({ phase: "L1-N", value: 1 }), sample({ phase: "L1", value: 2 })])).toBe(2);
    expect(registerOf([sample({ phase: "L1", value: 2 }), sample({ phase: "L1-N", value: 1 })])).toBe(2);
    expect(registerOf([sample({ phase: "L1-L2" }), sample({ phase: "N" })])).toBeUndefined();
  });

  it("takes the outlet before the inlet, and never adds the two", () => {
    const inlet = sample({ location: "Inlet", value: 9000 });
    expect(registerOf([inlet, plain])).toBe(1000);
    expect(registerOf([inlet, sample({ phase: "L1", value: 5 })])).toBe(5);
    expect(registerOf([inlet])).toBe(9000);
  });

  it("takes the end where a set has both ends of a transaction", () => {
    const set = [sample({ context: "Transaction.Begin", value: 1 }), sample({ context: "Transaction.End", value: 5 })];
    expect(registerOf(set)).toBe(5);
    expect(registerOf(set.slice(0, 1))).toBe(1);
    expect(registerFor(set, "Transaction.Begin")).toBe(1);
    expect(registerFor(set, "Trigger")).toBeUndefined();
  });

  it("means the same in every unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: -3, max: 3 }), (register, multiplier) => {
        expect(registerOf([sample({ value: register / 1000, unit: "kWh" })])).toBe(register);
        expect(registerOf([sample({ value: register / 10 ** multiplier, multiplier })])).toBeCloseTo(register, 3);
      }),
    );
  });
});

describe("readingsOf", () => {
  it("leaves sets without a register out, and dates those without a time by the fallback", () => {
    const sets = [
      { timestamp: "2026-03-01T12:00:00Z", samples: [plain], raw: "" },
      { timestamp: "2026-03-01T12:01:00Z", samples: [sample({ measurand: "SoC" })], raw: "" },
      { timestamp: "yesterday", samples: [sample({ value: 2 })], raw: "" },
    ];
    expect(readingsOf(sets, 5)).toEqual([
      { at: Date.UTC(2026, 2, 1, 12), register: 1000 },
      { at: 5, register: 2 },
    ]);
  });
});
