/* Block E of part 6: transactions. Each case plays the station and looks at the CSMS through its public REST interface. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { enterTokens, type PlayedStation, sampled, stationSource, unknown, valid } from "../support/station-201.ts";
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
const accepted = { idTokenInfo: { status: "Accepted" } };

async function authorize(played: PlayedStation): Promise<void> {
  expect(await played.say("Authorize", { idToken: valid })).toMatchObject(accepted);
}

describe("start of a transaction (E01)", () => {
  it("TC_E_01_CSMS power path closed", async () => {
    verifies("TC_E_01_CSMS", "E01.FR.05");
    const cs = await station();
    await authorize(cs);
    await cs.report("Occupied", [1]);
    const parts = { idToken: valid, evse, chargingState: "SuspendedEVSE" };
    expect(await cs.event("Started", "ChargingStateChanged", parts)).toMatchObject(accepted);
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
    expect(await cs.told()).toMatchObject({ connectorId: 1, idToken: "VALID001", complete: false });
  });

  it("TC_E_02_CSMS energy transfer", async () => {
    verifies("TC_E_02_CSMS", "E01.FR.06");
    const cs = await station();
    await authorize(cs);
    await cs.report("Occupied", [1]);
    const parts = { idToken: valid, evse, chargingState: "Charging" };
    expect(await cs.event("Started", "ChargingStateChanged", parts)).toMatchObject(accepted);
    expect(await cs.told()).toMatchObject({ idToken: "VALID001", complete: false });
  });

  it("TC_E_09_CSMS EV connected", async () => {
    verifies("TC_E_09_CSMS", "E01.FR.02");
    const cs = await station();
    await cs.evConnectedPreSession();
    expect(await cs.told()).toMatchObject({ connectorId: 1, complete: false });
  });

  it("TC_E_10_CSMS authorised locally, no EVSE yet", async () => {
    verifies("TC_E_10_CSMS", "E01.FR.03");
    const cs = await station();
    await cs.authorized();
    expect(await cs.told()).toMatchObject({ idToken: "VALID001", complete: false });
  });

  it("TC_E_11_CSMS signed data", async () => {
    verifies("TC_E_11_CSMS", "E01.FR.04");
    const cs = await station();
    await authorize(cs);
    await cs.report("Occupied", [1]);
    const signedMeterValue = { signedMeterData: "c2lnbmVk", signingMethod: "", encodingMethod: "OCMF", publicKey: "" };
    const meterValue = [sampled(0, "Transaction.Begin", { signedMeterValue })];
    expect(await cs.event("Started", "SignedDataReceived", { idToken: valid, evse, meterValue })).toMatchObject(
      accepted,
    );
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
    const { id } = await cs.told();
    const values = await csms.operator.get(`/api/v1/transactions/${id}/meter-values`);
    expect(JSON.stringify(values)).toContain("c2lnbmVk");
  });

  it("TC_E_12_CSMS parking bay occupied", async () => {
    verifies("TC_E_12_CSMS", "E01.FR.01");
    const cs = await station();
    await cs.event("Started", "EVDetected");
    expect(await cs.told()).toMatchObject({ complete: false });
  });
});

describe("local start", () => {
  it("TC_E_03_CSMS cable first", async () => {
    verifies("TC_E_03_CSMS", "E02.FR.02");
    const cs = await station();
    await cs.evConnectedPreSession();
    await cs.energyTransferStarted();
    expect(await cs.told()).toMatchObject({ connectorId: 1, idToken: "VALID001", complete: false });
  });

  it("TC_E_04_CSMS authorisation first: the EVSE comes later", async () => {
    verifies("TC_E_04_CSMS", "E03.FR.02");
    const cs = await station();
    await cs.authorized();
    await cs.energyTransferStarted();
    expect(await cs.told()).toMatchObject({ connectorId: 1, idToken: "VALID001", complete: false });
  });

  it("TC_E_38_CSMS EV not ready", async () => {
    verifies("TC_E_38_CSMS");
    const cs = await station();
    await cs.authorized();
    await cs.evConnectedPreSession();
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "SuspendedEV" });
    expect(await cs.told()).toMatchObject({ complete: false });
  });

  it("TC_E_53_CSMS numbers begin at 0 with each transaction", async () => {
    verifies("TC_E_53_CSMS", "E01.FR.07");
    const cs = await station();
    await cs.evConnectedPostSession();
    await cs.evDisconnected();
    const first = await cs.told();
    cs.nextTransaction();
    await cs.evConnectedPostSession();
    await cs.evDisconnected();
    expect((await cs.told()).id).not.toBe(first.id);
    const events = await csms.operator.get<object[]>(`/api/v1/transactions/${first.id}/events`);
    expect(events).toHaveLength(6);
  });
});

describe("stop of a transaction (E06)", () => {
  /** Ends the transaction in one of the ways, and looks at what was kept. */
  async function ends(
    cs: PlayedStation,
    trigger: string,
    stoppedReason: string,
    chargingState?: string,
  ): Promise<void> {
    await cs.event("Ended", trigger, { stoppedReason, ...(chargingState === undefined ? {} : { chargingState }) });
    expect(await cs.told()).toMatchObject({ complete: true, stoppedReason });
  }

  it("TC_E_39_CSMS deauthorised: the EV was not connected in time", async () => {
    verifies("TC_E_39_CSMS", "E03.FR.05", "E06.FR.04");
    const cs = await station();
    await cs.authorized();
    await ends(cs, "EVConnectTimeout", "Timeout");
  });

  it("TC_E_14_CSMS cable taken out at the station", async () => {
    verifies("TC_E_14_CSMS", "E06.FR.02");
    const cs = await station();
    await cs.evConnectedPostSession();
    await cs.evDisconnected();
  });

  it("TC_E_20_CSMS cable taken out at the EV", async () => {
    verifies("TC_E_20_CSMS", "E06.FR.02");
    const cs = await station();
    await cs.energyTransferSuspended();
    await cs.evDisconnected();
  });

  it("TC_E_15_CSMS stop authorised locally", async () => {
    verifies("TC_E_15_CSMS", "E06.FR.03");
    const cs = await station();
    await cs.energyTransferStarted();
    const parts = { stoppedReason: "Local", idToken: valid };
    expect(await cs.event("Ended", "StopAuthorized", parts)).toMatchObject(accepted);
    expect(await cs.told()).toMatchObject({ complete: true, stoppedReason: "Local" });
  });

  it("TC_E_21_CSMS stop authorised remotely", async () => {
    verifies("TC_E_21_CSMS", "E06.FR.03", "F03.FR.01");
    const cs = await station();
    await cs.energyTransferStarted();
    const asked = csms.operator.call(cs.identity, "RequestStopTransaction", { transactionId: cs.transactionId });
    const call = await cs.expect("RequestStopTransaction", { status: "Accepted" });
    expect(call.payload).toEqual({ transactionId: cs.transactionId });
    expect(await asked).toMatchObject({ status: 200, body: { result: { status: "Accepted" } } });
    await ends(cs, "RemoteStop", "Remote");
  });

  it("TC_E_16_CSMS a token that is not known", async () => {
    verifies("TC_E_16_CSMS", "E01.FR.11", "E06.FR.04");
    const cs = await station();
    const response = await cs.event("Started", "Authorized", { idToken: unknown });
    expect(["Invalid", "Unknown"]).toContain((response["idTokenInfo"] as { status: string }).status);
    await ends(cs, "Deauthorized", "DeAuthorized");
  });

  it("TC_E_17_CSMS deauthorised by the EV's disconnection", async () => {
    verifies("TC_E_17_CSMS", "E06.FR.04");
    const cs = await station();
    await cs.energyTransferSuspended();
    await ends(cs, "EVCommunicationLost", "EVDisconnected", "Idle");
  });

  it("TC_E_07_CSMS power path opened by a local stop", async () => {
    verifies("TC_E_07_CSMS", "E06.FR.06");
    const cs = await station();
    await cs.energyTransferStarted();
    await ends(cs, "StopAuthorized", "Local");
  });

  it("TC_E_08_CSMS energy transfer stopped, stop authorised", async () => {
    verifies("TC_E_08_CSMS", "E06.FR.07");
    const cs = await station();
    await cs.stopAuthorized();
    await ends(cs, "ChargingStateChanged", "Local", "EVConnected");
  });

  it("TC_E_22_CSMS energy transfer stopped by the EV", async () => {
    verifies("TC_E_22_CSMS", "E06.FR.07");
    const cs = await station();
    await cs.energyTransferStarted();
    await ends(cs, "ChargingStateChanged", "StoppedByEV", "SuspendedEV");
  });

  it("TC_E_19_CSMS parking bay left", async () => {
    verifies("TC_E_19_CSMS", "E06.FR.01");
    const cs = await station();
    await cs.evConnectedPostSession();
    await cs.report("Available", [1]);
    await cs.event("Updated", "EVCommunicationLost", { chargingState: "Idle" });
    await ends(cs, "EVDeparted", "Local");
  });
});

it("TC_E_26_CSMS disconnected at the EV and connected again: the transaction goes on", async () => {
  verifies("TC_E_26_CSMS", "E10.FR.01");
  const cs = await station();
  await cs.energyTransferSuspended();
  await cs.event("Updated", "EVCommunicationLost", { chargingState: "Idle" });
  await cs.report("Available", [1]);
  await cs.event("Updated", "CablePluggedIn", { chargingState: "EVConnected" });
  await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
  expect(await cs.told()).toMatchObject({ complete: false });
});

describe("status of a transaction (E14)", () => {
  /** Has the operator ask for the status, answers it, and gives what the station was asked. */
  async function ask(cs: PlayedStation, transactionId: string | undefined, answer: object): Promise<object> {
    const payload = transactionId === undefined ? {} : { transactionId };
    const asked = csms.operator.call(cs.identity, "GetTransactionStatus", payload);
    const call = await cs.expect("GetTransactionStatus", answer);
    expect(await asked).toMatchObject({ status: 200, body: { result: answer } });
    return call.payload;
  }
  const late = { meterValue: [sampled(100, "Sample.Periodic")], offline: true };

  it("TC_E_29_CSMS ongoing, with messages in the queue", async () => {
    verifies("TC_E_29_CSMS", "E14.FR.02", "E14.FR.04");
    const before = await station();
    await before.energyTransferStarted();
    const cs = await before.reconnect();
    const payload = await ask(cs, cs.transactionId, { ongoingIndicator: true, messagesInQueue: true });
    expect(payload).toEqual({ transactionId: cs.transactionId });
    await cs.event("Updated", "MeterValuePeriodic", { ...late, seqNo: 3 });
    expect(await cs.told()).toMatchObject({ complete: false });
  });

  it("TC_E_30_CSMS ongoing, without messages in the queue", async () => {
    verifies("TC_E_30_CSMS", "E14.FR.05");
    const cs = await station();
    await cs.energyTransferStarted();
    const payload = await ask(cs, cs.transactionId, { ongoingIndicator: true, messagesInQueue: false });
    expect(payload).toEqual({ transactionId: cs.transactionId });
  });

  it("TC_E_31_CSMS ended, with messages in the queue", async () => {
    verifies("TC_E_31_CSMS", "E14.FR.03");
    const before = await station();
    await before.energyTransferStarted();
    const cs = await before.reconnect();
    await cs.report("Available", [1]);
    const end = { chargingState: "Idle", stoppedReason: "EVDisconnected", offline: true, seqNo: 5 };
    await cs.event("Ended", "EVCommunicationLost", end);
    // The CSMS sees the gap by itself and asks; the operator's question is another one.
    const answer = { ongoingIndicator: false, messagesInQueue: true };
    expect((await cs.expect("GetTransactionStatus", answer)).payload).toEqual({ transactionId: cs.transactionId });
    expect(await ask(cs, cs.transactionId, answer)).toEqual({ transactionId: cs.transactionId });
    await cs.event("Updated", "StopAuthorized", { offline: true, seqNo: 3 });
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "EVConnected", offline: true, seqNo: 4 });
    const told = await cs.told();
    expect(told).toMatchObject({ complete: true, stoppedReason: "EVDisconnected" });
    const events = await csms.operator.get<{ seqNo: number }[]>(`/api/v1/transactions/${told.id}/events`);
    expect(events.map(({ seqNo }) => seqNo).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("TC_E_33_CSMS of no transaction, with messages in the queue", async () => {
    verifies("TC_E_33_CSMS", "E14.FR.06", "E14.FR.07");
    const before = await station();
    await before.energyTransferStarted();
    const cs = await before.reconnect();
    expect(await ask(cs, undefined, { messagesInQueue: true })).toEqual({});
    await cs.event("Updated", "MeterValuePeriodic", { ...late, seqNo: 3 });
  });

  it("TC_E_34_CSMS of no transaction, without messages in the queue", async () => {
    verifies("TC_E_34_CSMS", "E14.FR.08");
    const cs = await station();
    expect(await ask(cs, undefined, { messagesInQueue: false })).toEqual({});
  });
});
