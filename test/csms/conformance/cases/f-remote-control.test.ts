/* Block F of part 6: remote control. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReceivedCall } from "../support/player.ts";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { enterTokens, type PlayedStation, sampled, stationSource, valid } from "../support/station-201.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: ReturnType<typeof stationSource>;
beforeAll(async () => {
  csms = await runCsms();
  await enterTokens(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

const accepted = { idTokenInfo: { status: "Accepted" } };

/** Has the operator send a message, answers it, and gives what arrived. */
async function order(cs: PlayedStation, action: string, payload: object, answer: object): Promise<ReceivedCall> {
  const asked = csms.operator.call(cs.identity, action, payload);
  const call = await cs.expect(action, answer);
  expect(await asked).toMatchObject({ status: 200, body: { state: "completed", result: answer } });
  return call;
}

describe("remote start", () => {
  /** Has the operator start a charge through the command of its own, and gives the remoteStartId. */
  async function remoteStart(cs: PlayedStation, answer: object = { status: "Accepted" }): Promise<number> {
    const wish = { stationId: cs.identity, idToken: valid.idToken, evseId: 1 };
    const asked = csms.operator.post("/api/v1/remote-starts", wish);
    const { payload } = await cs.expect("RequestStartTransaction", answer);
    expect(payload).toMatchObject({ idToken: valid, evseId: 1 });
    expect(Number.isInteger(payload["remoteStartId"])).toBe(true);
    expect(await asked).toMatchObject({ accepted: true });
    return Number(payload["remoteStartId"]);
  }

  it("TC_F_01_CSMS cable first", async () => {
    verifies("TC_F_01_CSMS", "F01.FR.03", "F01.FR.04", "F01.FR.06");
    const cs = await station();
    await cs.evConnectedPreSession();
    const remoteStartId = await remoteStart(cs, { status: "Accepted", transactionId: cs.transactionId });
    expect(await cs.event("Updated", "RemoteStart", { remoteStartId, idToken: valid })).toMatchObject(accepted);
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
    expect(await cs.told()).toMatchObject({ idToken: "VALID001", complete: false });
  });

  it.each([
    ["TC_F_02_CSMS", true],
    ["TC_F_03_CSMS", false],
  ])("%s remote start first, with AuthorizeRemoteStart %s", async (_id, asks) => {
    verifies("TC_F_02_CSMS", "TC_F_03_CSMS", "F02.FR.01", "F02.FR.12", "F02.FR.14");
    const cs = await station();
    const remoteStartId = await remoteStart(cs);
    if (asks) expect(await cs.say("Authorize", { idToken: valid })).toMatchObject(accepted);
    expect(await cs.event("Started", "RemoteStart", { remoteStartId, idToken: valid })).toMatchObject(accepted);
    await cs.evConnectedPreSession();
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "Charging" });
    expect(await cs.told()).toMatchObject({ connectorId: 1, idToken: "VALID001", complete: false });
  });

  it("checks the token once more when the transaction starts", async () => {
    verifies("F02.FR.11");
    const cs = await station();
    const idToken = { idToken: "WITHDRAWN1", type: "ISO14443" };
    await csms.operator.put("/api/v1/tokens/WITHDRAWN1", {});
    await order(cs, "RequestStartTransaction", { idToken, remoteStartId: 5 }, { status: "Accepted" });
    await csms.operator.put("/api/v1/tokens/WITHDRAWN1", { status: "Blocked" });
    expect(await cs.event("Started", "RemoteStart", { remoteStartId: 5, idToken })).toMatchObject({
      idTokenInfo: { status: "Blocked" },
    });
  });

  it("may send a profile for the transaction, and sends none that is for another one", async () => {
    verifies("F01.FR.08", "F01.FR.09", "F01.FR.11", "F02.FR.16", "F02.FR.17", "F02.FR.19");
    const cs = await station();
    const schedule = { id: 1, chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };
    const chargingProfile = {
      id: 1,
      stackLevel: 0,
      chargingProfilePurpose: "TxProfile",
      chargingProfileKind: "Relative",
      chargingSchedule: [schedule],
    };
    const start = { idToken: valid, remoteStartId: 6, evseId: 1, chargingProfile };
    const { payload } = await order(cs, "RequestStartTransaction", start, { status: "Accepted" });
    expect(payload).toEqual(start);
    for (const wrong of [{ chargingProfilePurpose: "TxDefaultProfile" }, { transactionId: cs.transactionId }]) {
      const refused = { ...start, chargingProfile: { ...chargingProfile, ...wrong } };
      expect(await csms.operator.call(cs.identity, "RequestStartTransaction", refused)).toMatchObject({ status: 400 });
    }
    expect(cs.waiting).toEqual([]);
  });

  it("TC_F_04_CSMS the cable never comes", async () => {
    verifies("TC_F_04_CSMS", "E03.FR.05");
    const cs = await station();
    const remoteStartId = await remoteStart(cs);
    await cs.event("Started", "RemoteStart", { remoteStartId });
    await cs.event("Updated", "EVConnectTimeout");
    expect(await cs.told()).toMatchObject({ complete: false });
  });
});

it("stops a transaction from afar by its id", async () => {
  verifies("F03.FR.01", "F04.FR.01");
  const cs = await station();
  await cs.energyTransferStarted();
  const { id } = await cs.told();
  const asked = csms.operator.post(`/api/v1/transactions/${id}/stop`, {});
  const { payload } = await cs.expect("RequestStopTransaction", { status: "Accepted" });
  expect(payload).toEqual({ transactionId: cs.transactionId });
  expect(await asked).toMatchObject({ accepted: true });
});

it("TC_F_06_CSMS a connector is unlocked", async () => {
  verifies("TC_F_06_CSMS");
  const cs = await station();
  const asked = csms.operator.post("/api/commands/unlock-connector", { chargePointId: cs.identity, connectorId: 1 });
  const { payload } = await cs.expect("UnlockConnector", { status: "Unlocked" });
  expect(payload).toEqual({ evseId: 1, connectorId: 1 });
  expect(await asked).toMatchObject({ success: true });
});

describe("trigger", () => {
  const evse = { id: 1, connectorId: 1 };

  /** Has the operator trigger a message, and checks what arrives. */
  async function trigger(cs: PlayedStation, requestedMessage: string, where?: object): Promise<void> {
    const payload = { requestedMessage, ...(where === undefined ? {} : { evse: where }) };
    expect((await order(cs, "TriggerMessage", payload, { status: "Accepted" })).payload).toEqual(payload);
  }

  it.each([
    ["TC_F_11_CSMS", { id: 1 }, [1]],
    ["TC_F_12_CSMS", undefined, [1, 2]],
  ] as const)("%s meter values", async (_id, where, evses) => {
    verifies("TC_F_11_CSMS", "TC_F_12_CSMS", "F06.FR.01", "F06.FR.02");
    const cs = await station();
    await trigger(cs, "MeterValues", where);
    for (const evseId of evses) {
      expect(await cs.say("MeterValues", { evseId, meterValue: [sampled(1, "Trigger")] })).toEqual({});
    }
  });

  it.each([
    ["TC_F_13_CSMS", { id: 1 }],
    ["TC_F_14_CSMS", undefined],
  ] as const)("%s an event of the transaction", async (_id, where) => {
    verifies("TC_F_13_CSMS", "TC_F_14_CSMS");
    const cs = await station();
    await cs.energyTransferStarted();
    await trigger(cs, "TransactionEvent", where);
    await cs.event("Updated", "Trigger", { chargingState: "Charging", evse, meterValue: [sampled(5, "Trigger")] });
    const { id } = await cs.told();
    expect(await csms.operator.get(`/api/v1/transactions/${id}/meter-values`)).toHaveLength(1);
  });

  it.each([
    ["TC_F_15_CSMS", "LogStatusNotification"],
    ["TC_F_18_CSMS", "FirmwareStatusNotification"],
  ])("%s %s", async (_id, message) => {
    verifies("TC_F_15_CSMS", "TC_F_18_CSMS");
    const cs = await station();
    await trigger(cs, message);
    expect(await cs.say(message, { status: "Idle" })).toEqual({});
  });

  it("TC_F_20_CSMS a heartbeat", async () => {
    verifies("TC_F_20_CSMS");
    const cs = await station();
    await trigger(cs, "Heartbeat");
    expect(await cs.say("Heartbeat", {})).toHaveProperty("currentTime");
  });

  it.each([
    ["TC_F_23_CSMS", "Available"],
    ["TC_F_24_CSMS", "Occupied"],
  ])("%s the status of a connector: %s", async (_id, status) => {
    verifies("TC_F_23_CSMS", "TC_F_24_CSMS", "F06.FR.13");
    const cs = await station();
    await cs.report(status, [1]);
    const asked = csms.operator.post("/api/commands/trigger-message", {
      chargePointId: cs.identity,
      requestedMessage: "StatusNotification",
      connectorId: 1,
    });
    const { payload } = await cs.expect("TriggerMessage", { status: "Accepted" });
    expect(payload).toEqual({ requestedMessage: "StatusNotification", evse });
    expect(await asked).toMatchObject({ success: true });
    await cs.report(status, [1]);
  });

  it("TC_F_27_CSMS is not implemented by the station", async () => {
    verifies("TC_F_27_CSMS");
    const cs = await station();
    const payload = { requestedMessage: "SignCombinedCertificate" };
    await order(cs, "TriggerMessage", payload, { status: "NotImplemented" });
    await order(cs, "ClearCache", {}, { status: "Accepted" });
  });
});
