/* Block G of part 6: availability, with both ways in which stations report the state of connectors. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { enterTokens, type PlayedStation, stationSource } from "../support/station-201.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: ReturnType<typeof stationSource>;
beforeAll(async () => {
  csms = await runCsms();
  await enterTokens(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

/** Has the operator change the availability, and checks what arrives. */
async function change(
  cs: PlayedStation,
  operationalStatus: "Operative" | "Inoperative",
  evse: object | undefined,
  status = "Accepted",
): Promise<void> {
  const payload = { operationalStatus, ...(evse === undefined ? {} : { evse }) };
  const asked = csms.operator.call(cs.identity, "ChangeAvailability", payload);
  const call = await cs.expect("ChangeAvailability", { status });
  expect(call.payload).toEqual(payload);
  expect(await asked).toMatchObject({ status: 200, body: { result: { status } } });
}

describe.each(["StatusNotification", "NotifyEvent"] as const)("reported by %s", (reporting) => {
  it.each([
    ["TC_G_03_CSMS", "TC_G_04_CSMS", "an EVSE", { id: 1 }, [1]],
    ["TC_G_05_CSMS", "TC_G_06_CSMS", "the station", undefined, [1, 2]],
    ["TC_G_07_CSMS", "TC_G_08_CSMS", "a connector", { id: 1, connectorId: 1 }, [1]],
  ] as const)("%s and %s: %s out of service and back", async (_out, _back, _what, evse, connectors) => {
    verifies("TC_G_03_CSMS", "TC_G_04_CSMS", "TC_G_05_CSMS", "TC_G_06_CSMS", "TC_G_07_CSMS", "TC_G_08_CSMS");
    const cs = await station({ reporting });
    await change(cs, "Inoperative", evse);
    await cs.report("Unavailable", connectors);
    await change(cs, "Operative", evse);
    await cs.report("Available", connectors);
  });

  it.each([
    ["TC_G_11_CSMS", "an EVSE", { id: 1 }],
    ["TC_G_14_CSMS", "the station", undefined],
    ["TC_G_17_CSMS", "a connector", { id: 1, connectorId: 1 }],
  ] as const)("%s %s, scheduled during a transaction", async (id, _what, evse) => {
    verifies("TC_G_11_CSMS", "TC_G_14_CSMS", "TC_G_17_CSMS");
    const cs = await station({ reporting });
    await cs.energyTransferStarted();
    await change(cs, "Inoperative", evse, "Scheduled");
    if (id === "TC_G_14_CSMS") await cs.report("Unavailable", [2]);
    await cs.event("Updated", "StopAuthorized", { idToken: { idToken: "VALID001", type: "ISO14443" } });
    await cs.event("Updated", "ChargingStateChanged", { chargingState: "EVConnected" });
    await cs.evDisconnected();
    await cs.report("Unavailable", [1]);
  });
});

it("TC_G_20_CSMS the lock of a connector fails", async () => {
  verifies("TC_G_20_CSMS", "G05.FR.03");
  const cs = await station();
  const event = {
    eventId: 1,
    timestamp: new Date().toISOString(),
    trigger: "Delta",
    actualValue: "true",
    eventNotificationType: "HardWiredMonitor",
    component: { name: "ConnectorPlugRetentionLock", evse: { id: 1, connectorId: 1 } },
    variable: { name: "Problem" },
  };
  const generatedAt = new Date().toISOString();
  expect(await cs.say("NotifyEvent", { generatedAt, seqNo: 0, eventData: [event] })).toEqual({});
  expect(await cs.connectorStatus(1)).toBe("Available");
  const events = () => csms.operator.get(`/api/v1/events?stationId=${cs.identity}&kind=station.notified`);
  await expect.poll(async () => JSON.stringify(await events())).toContain("ConnectorPlugRetentionLock");
});

it("tells its time to a heartbeat", async () => {
  verifies("G02.FR.03");
  const cs = await station();
  const { currentTime, ...more } = await cs.say("Heartbeat", {});
  expect(Math.abs(Date.parse(String(currentTime)) - Date.now())).toBeLessThan(5_000);
  expect(more).toEqual({});
});

it("takes a station as available by any message, without a heartbeat", async () => {
  verifies("G02.FR.04");
  const cs = await station();
  const told = () =>
    csms.operator.get<{ connected: boolean; lastHeartbeatAt: string | null; lastSeenAt: string | null }>(
      `/api/v1/stations/${cs.identity}`,
    );
  await cs.close();
  await expect.poll(told).toMatchObject({ connected: false });
  const gone = Date.now();
  const again = await cs.reconnect();
  await again.report("Available", [1]);
  const { connected, lastHeartbeatAt, lastSeenAt } = await told();
  expect([connected, lastHeartbeatAt]).toEqual([true, null]);
  expect(Date.parse(lastSeenAt ?? "")).toBeGreaterThanOrEqual(gone);
});
