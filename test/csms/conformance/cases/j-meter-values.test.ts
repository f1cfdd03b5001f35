/* Block J of part 6: meter values. Part 6 looks at the answers; these tests look at what was kept, too. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { enterTokens, type PlayedStation, stationSource, valid } from "../support/station-201.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: ReturnType<typeof stationSource>;
beforeAll(async () => {
  csms = await runCsms();
  await enterTokens(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

const evse = { id: 1, connectorId: 1 };
const signedMeterValue = {
  signedMeterData: "c2lnbmVk",
  signingMethod: "ECDSA",
  encodingMethod: "OCMF",
  publicKey: "a2V5",
};

/** A set of values `minutes` after the start of the hour. */
function at(minutes: number, value: number, context: string, more: object = {}): object {
  return {
    timestamp: new Date(Date.UTC(2026, 5, 1, 12, minutes)).toISOString(),
    sampledValue: [
      { value, context, measurand: "Energy.Active.Import.Register", unitOfMeasure: { unit: "Wh" }, ...more },
    ],
  };
}

interface KeptValue {
  readonly timestamp: string;
  readonly sampledValue: readonly { readonly value: number; readonly context: string }[];
}

async function kept(cs: PlayedStation): Promise<KeptValue[]> {
  const { id } = await cs.told();
  return csms.operator.get<KeptValue[]>(`/api/v1/transactions/${id}/meter-values`);
}

it("TC_J_01_CSMS clock-aligned, without a transaction", async () => {
  verifies("TC_J_01_CSMS", "J01.FR.18");
  const cs = await station();
  for (const round of [0, 15, 30]) {
    for (const evseId of [0, 1, 2]) {
      expect(await cs.say("MeterValues", { evseId, meterValue: [at(round, 10 * round, "Sample.Clock")] })).toEqual({});
    }
  }
  const values = await csms.operator.get<object[]>(`/api/v1/stations/${cs.identity}/meter-values`);
  expect(values).toHaveLength(9);
});

it("TC_J_02_CSMS clock-aligned, during a transaction", async () => {
  verifies("TC_J_02_CSMS", "J01.FR.18");
  const cs = await station();
  await cs.energyTransferStarted();
  for (const round of [0, 15, 30]) {
    await cs.say("MeterValues", { evseId: 2, meterValue: [at(round, 10, "Sample.Clock")] });
    await cs.event("Updated", "MeterValueClock", { meterValue: [at(round, 100 + round, "Sample.Clock")] });
  }
  expect(await kept(cs)).toHaveLength(3);
});

it.each([
  ["TC_J_03_CSMS", "Sample.Clock", {}],
  ["TC_J_04_CSMS", "Sample.Clock", { signedMeterValue }],
  ["TC_J_10_CSMS", "Sample.Periodic", {}],
  ["TC_J_11_CSMS", "Sample.Periodic", { signedMeterValue }],
] as const)("%s with the end of the transaction, %s", async (_id, context, more) => {
  verifies("TC_J_03_CSMS", "TC_J_04_CSMS", "TC_J_10_CSMS", "TC_J_11_CSMS", "J01.FR.21", "J02.FR.19", "J02.FR.21");
  const cs = await station();
  await cs.evConnectedPostSession();
  await cs.evDisconnected([
    at(0, 1_000, context, more),
    at(15, 2_000, context, more),
    at(30, 3_000, "Transaction.End", more),
  ]);
  const values = await kept(cs);
  expect(values.map(({ sampledValue }) => sampledValue[0])).toMatchObject([
    { value: 1_000, context, ...more },
    { value: 2_000, context, ...more },
    { value: 3_000, context: "Transaction.End", ...more },
  ]);
  expect(await cs.told()).toMatchObject({ meterStop: 3_000 });
});

it("TC_J_07_CSMS with the start, where the EVSE is known", async () => {
  verifies("TC_J_07_CSMS", "J02.FR.19");
  const cs = await station();
  await cs.report("Occupied", [1]);
  const meterValue = [at(0, 500, "Transaction.Begin")];
  await cs.event("Started", "CablePluggedIn", { chargingState: "EVConnected", evse, meterValue });
  expect(await cs.told()).toMatchObject({ meterStart: 500 });
});

it("TC_J_08_CSMS with a later event, where the EVSE is not known at the start", async () => {
  verifies("TC_J_08_CSMS", "J02.FR.19");
  const cs = await station();
  await cs.event("Started", "Authorized", { idToken: valid });
  const meterValue = [at(0, 700, "Transaction.Begin")];
  await cs.event("Updated", "CablePluggedIn", { chargingState: "EVConnected", evse, meterValue });
  await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
  expect(await cs.told()).toMatchObject({ meterStart: 700, connectorId: 1 });
});

it("TC_J_09_CSMS periodically", async () => {
  verifies("TC_J_09_CSMS", "J02.FR.19");
  const cs = await station();
  await cs.energyTransferStarted();
  for (const round of [0, 15, 30]) {
    const response = await cs.event("Updated", "MeterValuePeriodic", {
      meterValue: [at(round, 100 + round, "Sample.Periodic")],
    });
    expect(response).not.toHaveProperty("idTokenInfo");
  }
  expect(await kept(cs)).toHaveLength(3);
});
