import { afterEach, describe, expect, it } from "vitest";
import { blankStation } from "../stations/repository/stations.ts";
import { createBootGate } from "./boot-gate.ts";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";

const boot = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } } as const;
const status = { evseId: 1, connectorId: 1, connectorStatus: "Available", timestamp: "2026-01-01T00:00:00Z" } as const;

describe("an invitation", () => {
  it("takes an invitation back where the station refuses, and uses it up where it follows", () => {
    const row = { ...blankStation("A", 0), registration: "Pending" as const };
    const gate = createBootGate(() => row, false);
    gate.invite("TriggerMessage", { requestedMessage: "Heartbeat" })();
    expect(gate.refuse("Heartbeat")).toMatchObject({ code: "SecurityError" });
    gate.invite("TriggerMessage", { requestedMessage: "Heartbeat" });
    expect(gate.refuse("Heartbeat")).toBeUndefined();
    expect(gate.refuse("Heartbeat")).toMatchObject({ code: "SecurityError" });
    expect(createBootGate(() => row, true).refuse("Heartbeat")).toBeUndefined();
  });
});

describe("on a connection", () => {
  let running: TestGateway | undefined;

  afterEach(async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  });

  it("refuses everything before the first boot, and serves without one after a reconnect (B01, B02.FR.09)", async () => {
    running = await testGateway();
    await running.services.stations.add("CS001", {});
    const first = await running.station201("CS001");
    await expect(first.call("StatusNotification", status)).rejects.toMatchObject({ code: "SecurityError" });
    await expect(first.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
    expect(await running.services.connectors.of("CS001")).toEqual([]);
    expect(await first.call("BootNotification", boot)).toMatchObject({ status: "Accepted" });
    expect(await first.call("StatusNotification", status)).toEqual({});
    await first.close();
    const second = await running.station201("CS001");
    expect(await second.call("StatusNotification", status)).toEqual({});
  });

  it("lets a Pending station send what it was asked for, and nothing else", async () => {
    running = await testGateway();
    const { services } = running;
    await services.stations.add("CS001", { registration: "Pending" });
    const peer = await running.station201("CS001", {
      TriggerMessage: () => ({ status: "Accepted" }),
      GetBaseReport: () => ({ status: "Accepted" }),
      GetVariables: () => ({
        getVariableResult: [{ attributeStatus: "UnknownVariable", component: { name: "A" }, variable: { name: "B" } }],
      }),
    });
    expect(await peer.call("BootNotification", boot)).toMatchObject({ status: "Pending", interval: 60 });
    await expect(peer.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
    await services.operations.triggerMessage("CS001", "Heartbeat", "test");
    expect(await peer.call("Heartbeat", {})).toHaveProperty("currentTime");
    await expect(peer.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
    const report = { requestId: 1, generatedAt: "2026-01-01T00:00:00Z", seqNo: 0 };
    await services.commander.call(
      "CS001",
      "GetBaseReport",
      { requestId: 1, reportBase: "FullInventory" },
      { requestedBy: "t" },
    );
    expect(await peer.call("NotifyReport", { ...report, tbc: true })).toEqual({});
    expect(await peer.call("NotifyReport", { ...report, seqNo: 1 })).toEqual({});
    await expect(peer.call("NotifyReport", report)).rejects.toMatchObject({ code: "SecurityError" });
    expect((await services.operations.readConfiguration("CS001", ["A.B"], "test")).status).toBe("UnknownVariable");
    await expect(services.operations.remoteStart("CS001", { idToken: "X" }, "test")).rejects.toThrow("Pending");
    await services.stations.change("CS001", { registration: "Accepted" });
    await services.operations.triggerMessage("CS001", "BootNotification", "test");
    expect(await peer.call("BootNotification", boot)).toMatchObject({ status: "Accepted" });
    expect(await peer.call("Heartbeat", {})).toHaveProperty("currentTime");
  });

  it("lets a Rejected station boot and nothing else, and sends it nothing (B03.FR.03, B03.FR.07)", async () => {
    running = await testGateway();
    const { services } = running;
    await services.stations.add("CS001", { registration: "Rejected" });
    const peer = await running.station16("CS001");
    const asked = { chargePointVendor: "Acme", chargePointModel: "Mono" };
    expect(await peer.call("BootNotification", asked)).toMatchObject({ status: "Rejected" });
    await expect(peer.call("Heartbeat", {})).rejects.toMatchObject({ code: "SecurityError" });
    await until(
      () => services.connections.size,
      (size) => size === 1,
    );
    await expect(services.operations.clearCache("CS001", "test")).rejects.toThrow("Rejected");
  });

  it("can be switched off", async () => {
    running = await testGateway({ configuration: { stations: { bootGate: "off" } } });
    await running.services.stations.add("CS001", { registration: "Pending" });
    const peer = await running.station201("CS001");
    expect(await peer.call("StatusNotification", status)).toEqual({});
  });
});
