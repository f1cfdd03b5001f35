import { expect, it } from "vitest";
import { factsOf } from "../../ocpp/versions/versions.ts";
import { powerOf } from "./power.ts";

const measurand = "Power.Active.Import";

it.each<readonly [string, object[], number | undefined]>([
  ["ocpp1.6", [{ value: "7.4", measurand, unit: "kW" }], 7_400],
  ["ocpp1.6", [{ value: "7400", measurand }], 7_400],
  ["ocpp1.6", [{ value: "100" }, { value: "2000", measurand, unit: "W", phase: "L1" }], 2_000],
  ["ocpp2.0.1", [{ value: 11, measurand, unitOfMeasure: { unit: "kW" } }], 11_000],
  ["ocpp2.0.1", [{ value: 11, measurand, unitOfMeasure: { unit: "W", multiplier: 3 } }], 11_000],
  ["ocpp2.1", ["L1", "L2", "L3"].map((phase) => ({ value: 1_000, measurand, phase })), 3_000],
  [
    "ocpp2.1",
    [
      { value: 3_100, measurand },
      { value: 1_000, measurand, phase: "L1" },
    ],
    3_100,
  ],
  ["ocpp2.1", [{ value: 9, measurand: "Power.Offered" }], undefined],
  ["ocpp1.6", [{ value: "seven", measurand }], undefined],
])("the power in samples of %s: %j is %s W", (protocol, sampled, power) => {
  expect(powerOf(factsOf(protocol).readSamples(JSON.stringify(sampled)))).toBe(power);
});
