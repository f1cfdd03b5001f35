/* Block B of part 6: provisioning. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

const now = () => new Date().toISOString();
const chargingStation = { vendorName: "Acme", model: "Test" };
const offlineThreshold = { component: { name: "OCPPCommCtrlr" }, variable: { name: "OfflineThreshold" } };
const authorizeRemoteStart = { component: { name: "AuthCtrlr" }, variable: { name: "AuthorizeRemoteStart" } };

/** Has the operator send a message, answers it, and gives what arrived. */
async function order(cs: PlayedStation, action: string, payload: object, answer: object): Promise<object> {
  const asked = csms.operator.call(cs.identity, action, payload);
  const call = await cs.expect(action, answer);
  expect(await asked).toMatchObject({ status: 200, body: { state: "completed", result: answer } });
  return call.payload;
}

describe("boot", () => {
  it("TC_B_01_CSMS accepted", async () => {
    verifies("TC_B_01_CSMS", "B01.FR.02");
    const cs = await station();
    const told = await csms.operator.get(`/api/v1/stations/${cs.identity}`);
    expect(told).toMatchObject({ vendor: "Acme", model: "Test", firmwareVersion: "1.0", connected: true });
    expect(await cs.connectorStatus(1)).toBe("Available");
    expect(await cs.connectorStatus(2)).toBe("Available");
  });

  it("TC_B_02_CSMS pending first, then accepted", async () => {
    verifies("TC_B_02_CSMS", "B02.FR.01", "B02.FR.06");
    const cs = await station({ settings: { registration: "Pending" }, booted: false });
    const pending = await cs.say("BootNotification", { reason: "PowerUp", chargingStation });
    expect(pending).toMatchObject({ status: "Pending" });
    expect(pending["interval"]).toBeGreaterThan(0);
    const getVariableResult = [{ ...offlineThreshold, attributeStatus: "Accepted", attributeValue: "600" }];
    await order(cs, "GetVariables", { getVariableData: [offlineThreshold] }, { getVariableResult });
    expect(cs.open).toBe(true);
    await csms.operator.patch(`/api/v1/stations/${cs.identity}`, { registration: "Accepted" });
    await cs.boot();
  });

  it.each(["Pending", "Rejected"])(
    "TC_B_30_CSMS while %s, everything else is a SecurityError",
    async (registration) => {
      verifies("TC_B_30_CSMS", "B02.FR.09", "B03.FR.07");
      const cs = await station({ settings: { registration }, booted: false });
      const refused = { error: "SecurityError" };
      expect(await cs.ask("Heartbeat", {})).toMatchObject(refused);
      const answer = await cs.say("BootNotification", { reason: "PowerUp", chargingStation });
      expect(answer).toMatchObject({ status: registration });
      const status = { timestamp: now(), connectorStatus: "Available", evseId: 1, connectorId: 1 };
      expect(await cs.ask("StatusNotification", status)).toMatchObject(refused);
      expect(await cs.ask("Authorize", { idToken: valid })).toMatchObject(refused);
      expect(await cs.ask("Heartbeat", {})).toMatchObject(refused);
      expect(await cs.connectorStatus(1)).toBeUndefined();
    },
  );

  it("TC_B_31_CSMS a boot is triggered before the interval ends", async () => {
    verifies("TC_B_31_CSMS", "F06.FR.01");
    const cs = await station({ settings: { registration: "Pending" }, booted: false });
    await cs.say("BootNotification", { reason: "PowerUp", chargingStation });
    await csms.operator.patch(`/api/v1/stations/${cs.identity}`, { registration: "Accepted" });
    const payload = { requestedMessage: "BootNotification" };
    expect(await order(cs, "TriggerMessage", payload, { status: "Accepted" })).toEqual(payload);
    await cs.boot("Triggered");
  });

  it("lets a message through that was triggered while the station is pending", async () => {
    verifies("B02.FR.09", "B01.FR.10");
    const cs = await station({ settings: { registration: "Pending" }, booted: false });
    await cs.say("BootNotification", { reason: "PowerUp", chargingStation });
    await order(cs, "TriggerMessage", { requestedMessage: "Heartbeat" }, { status: "Accepted" });
    expect(await cs.say("Heartbeat", {})).toHaveProperty("currentTime");
    expect(await cs.ask("Heartbeat", {})).toMatchObject({ error: "SecurityError" });
  });
});

describe("variables", () => {
  it("TC_B_06_CSMS one is read", async () => {
    verifies("TC_B_06_CSMS");
    const cs = await station();
    const payload = { getVariableData: [offlineThreshold] };
    const getVariableResult = [{ ...offlineThreshold, attributeStatus: "Accepted", attributeValue: "600" }];
    expect(await order(cs, "GetVariables", payload, { getVariableResult })).toEqual(payload);
  });

  it("TC_B_07_CSMS several are read in one request", async () => {
    verifies("TC_B_07_CSMS");
    const cs = await station();
    const payload = { getVariableData: [offlineThreshold, authorizeRemoteStart] };
    const getVariableResult = payload.getVariableData.map((one) => ({
      ...one,
      attributeStatus: "Accepted",
      attributeValue: "true",
    }));
    expect(await order(cs, "GetVariables", payload, { getVariableResult })).toEqual(payload);
  });

  it("TC_B_09_CSMS one is set", async () => {
    verifies("TC_B_09_CSMS");
    const cs = await station();
    const payload = { setVariableData: [{ ...offlineThreshold, attributeValue: "123" }] };
    const setVariableResult = [{ ...offlineThreshold, attributeStatus: "Accepted" }];
    expect(await order(cs, "SetVariables", payload, { setVariableResult })).toEqual(payload);
  });

  it("TC_B_10_CSMS several are set in one request", async () => {
    verifies("TC_B_10_CSMS");
    const cs = await station();
    const payload = {
      setVariableData: [
        { ...offlineThreshold, attributeValue: "123" },
        { ...authorizeRemoteStart, attributeValue: "false" },
      ],
    };
    const setVariableResult = [offlineThreshold, authorizeRemoteStart].map((one) => ({
      ...one,
      attributeStatus: "Accepted",
    }));
    expect(await order(cs, "SetVariables", payload, { setVariableResult })).toEqual(payload);
  });

  it("sets a variable once in a request", async () => {
    verifies("B05.FR.13");
    const cs = await station();
    const setVariableData = ["60", "61"].map((attributeValue) => ({ ...offlineThreshold, attributeValue }));
    expect(await csms.operator.call(cs.identity, "SetVariables", { setVariableData })).toMatchObject({ status: 400 });
    expect(cs.waiting).toEqual([]);
  });

  it.each([
    ["TC_B_12_CSMS", "ConfigurationInventory", "B07.FR.07"],
    ["TC_B_13_CSMS", "FullInventory", "B07.FR.08"],
  ])("%s a base report: %s", async (_id, reportBase) => {
    verifies("TC_B_12_CSMS", "TC_B_13_CSMS", "B07.FR.07", "B07.FR.08");
    const cs = await station();
    const payload = { requestId: 7, reportBase };
    expect(await order(cs, "GetBaseReport", payload, { status: "Accepted" })).toEqual(payload);
    const reportData = [{ ...offlineThreshold, variableAttribute: [{ value: "600" }] }];
    for (const [seqNo, tbc] of [true, false].entries()) {
      const report = { requestId: 7, generatedAt: now(), seqNo, tbc, reportData };
      expect(await cs.say("NotifyReport", report)).toEqual({});
    }
    // Events that nobody waits for are kept with the next commit.
    await expect
      .poll(async () => {
        const events = await csms.operator.get<{ data: { action?: string } }[]>(
          `/api/v1/events?stationId=${cs.identity}&kind=station.notified`,
        );
        return events.filter(({ data }) => data.action === "NotifyReport").length;
      })
      .toBe(2);
  });
});

describe("reset", () => {
  const stopByDriver = async (cs: PlayedStation) => {
    const stopped = { chargingState: "EVConnected", idToken: valid };
    expect(await cs.event("Updated", "StopAuthorized", stopped)).toMatchObject({ idTokenInfo: { status: "Accepted" } });
    await cs.event("Ended", "EVCommunicationLost", { chargingState: "Idle", stoppedReason: "EVDisconnected" });
    expect(await cs.told()).toMatchObject({ complete: true });
  };

  it("TC_B_20_CSMS of the station, idle", async () => {
    verifies("TC_B_20_CSMS", "B11.FR.04");
    const cs = await station();
    expect(await order(cs, "Reset", { type: "OnIdle" }, { status: "Accepted" })).toEqual({ type: "OnIdle" });
    await (await cs.reconnect()).boot("RemoteReset");
  });

  it("TC_B_21_CSMS of the station, when idle, during a transaction", async () => {
    verifies("TC_B_21_CSMS", "B12.FR.01");
    const cs = await station();
    await cs.energyTransferStarted();
    expect(await order(cs, "Reset", { type: "OnIdle" }, { status: "Scheduled" })).toEqual({ type: "OnIdle" });
    await stopByDriver(cs);
    await cs.boot("ScheduledReset");
  });

  it("TC_B_22_CSMS of the station, immediately, during a transaction", async () => {
    verifies("TC_B_22_CSMS");
    const cs = await station();
    await cs.energyTransferStarted();
    expect(await order(cs, "Reset", { type: "Immediate" }, { status: "Accepted" })).toEqual({ type: "Immediate" });
    const end = { chargingState: "EVConnected", stoppedReason: "ImmediateReset" };
    await cs.event("Ended", "ResetCommand", end);
    expect(await cs.told()).toMatchObject({ complete: true, stoppedReason: "ImmediateReset" });
    await cs.boot("RemoteReset");
    await cs.report("Occupied", [1]);
  });

  it("TC_B_25_CSMS of an EVSE, idle", async () => {
    verifies("TC_B_25_CSMS", "B11.FR.04");
    const cs = await station();
    const payload = { type: "OnIdle", evseId: 1 };
    expect(await order(cs, "Reset", payload, { status: "Accepted" })).toEqual(payload);
  });

  it("TC_B_26_CSMS of an EVSE, when idle, during a transaction", async () => {
    verifies("TC_B_26_CSMS", "B12.FR.07");
    const cs = await station();
    await cs.energyTransferStarted();
    const payload = { type: "OnIdle", evseId: 1 };
    expect(await order(cs, "Reset", payload, { status: "Scheduled" })).toEqual(payload);
    await stopByDriver(cs);
  });

  it("TC_B_27_CSMS of an EVSE, immediately, during a transaction", async () => {
    verifies("TC_B_27_CSMS");
    const cs = await station();
    await cs.energyTransferStarted();
    const payload = { type: "Immediate", evseId: 1 };
    expect(await order(cs, "Reset", payload, { status: "Accepted" })).toEqual(payload);
    const end = { chargingState: "EVConnected", stoppedReason: "ImmediateReset" };
    await cs.event("Ended", "ResetCommand", end);
    expect(await cs.told()).toMatchObject({ complete: true });
  });
});

describe("network profile", () => {
  const payload = {
    configurationSlot: 1,
    connectionData: {
      messageTimeout: 30,
      ocppCsmsUrl: "wss://csms.example.com/ocpp",
      ocppInterface: "Wired0",
      ocppTransport: "JSON",
      ocppVersion: "OCPP20",
      securityProfile: 2,
    },
  };

  it.each([
    ["TC_B_42_CSMS", "Accepted"],
    ["TC_B_44_CSMS", "Failed"],
  ])("%s is set: %s", async (_id, status) => {
    verifies("TC_B_42_CSMS", "TC_B_44_CSMS", "B09.FR.01");
    const cs = await station();
    expect(await order(cs, "SetNetworkProfile", payload, { status })).toEqual(payload);
    await order(cs, "ClearCache", {}, { status: "Accepted" });
  });
});
