import { describeViolation, type Protocol } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v21 } from "@ocpp/v21";
import { v201 } from "@ocpp/v201";
import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "./gateway.fixture.ts";
import { commands2x } from "./versions/v2x/commands.ts";
import { commands16 } from "./versions/v16/commands.ts";
import type { CommandMessage, VersionCommands } from "./versions/version-commands.ts";

const token = { idToken: "TAG1", type: "ISO14443", groupId: "G1", entered: true };
const expiresAt = Date.UTC(2026, 11, 1);

/** All operations that a version has, as messages. */
function messagesOf(commands: VersionCommands): CommandMessage[] {
  return [
    commands.remoteStart(token, { remoteStartId: 7, evseId: 1 }),
    commands.remoteStop("12"),
    commands.reset("Hard", undefined),
    commands.unlockConnector(1, 1),
    commands.readConfiguration(["A.B"]),
    commands.changeConfiguration("A.B", "1"),
    commands.triggerMessage("LogStatusNotification", {}),
    commands.triggerMessage("DiagnosticsStatusNotification", {}),
    commands.triggerMessage("StatusNotification", { evseId: 2 }),
    commands.triggerMessage("MeterValues", { evseId: 2, connectorId: 1 }),
    commands.triggerMessage("SignChargePointCertificate", {}),
    commands.changeAvailability("Inoperative", {}),
    commands.changeAvailability("Operative", { evseId: 1, connectorId: 1 }),
    commands.reserveNow(token, { reservationId: 3, evseId: 1, expiresAt }),
    commands.changePassword("0123456789abcdef", null),
  ];
}

describe("the commands of each version", () => {
  for (const [protocol, commands] of [
    [v16, commands16],
    [v201, commands2x],
    [v21, commands2x],
  ] as const satisfies readonly (readonly [Protocol, VersionCommands])[]) {
    it(`fit the schemas of ${protocol.subprotocol}`, () => {
      for (const { action, payload } of messagesOf(commands)) {
        const request = (protocol as Protocol).actions[action]?.request;
        const violation = request?.(payload);
        expect([action, violation === undefined ? "" : describeViolation(violation), request === undefined]).toEqual([
          action,
          "",
          false,
        ]);
      }
    });
  }

  it("say in 1.6 what was meant in 2.x", () => {
    expect(commands16.triggerMessage("LogStatusNotification", {}).payload).toEqual({
      requestedMessage: "DiagnosticsStatusNotification",
    });
    expect(commands16.triggerMessage("SignChargePointCertificate", {}).action).toBe("ExtendedTriggerMessage");
    expect(commands16.changeAvailability("Inoperative", {}).payload).toEqual({ connectorId: 0, type: "Inoperative" });
    expect(commands16.reserveNow(token, { reservationId: 3, expiresAt }).payload).toMatchObject({
      connectorId: 0,
      parentIdTag: "G1",
    });
    expect(commands16.changePassword("AA".repeat(20), null).payload).toEqual({
      key: "AuthorizationKey",
      value: "AA".repeat(20),
    });
    expect(() => commands16.reset("Hard", 1)).toThrow("as a whole");
    expect(() => commands16.remoteStop("T-1")).toThrow("whole number");
    expect(() => commands16.transactionStatus("1")).toThrow("GetTransactionStatus");
    expect(() => commands16.reserveNow(token, { reservationId: 3, expiresAt, connectorType: "cCCS2" })).toThrow(
      "by number",
    );
  });

  it("say in 2.x what was meant in 1.6", () => {
    expect(commands2x.reset("Soft", 1).payload).toEqual({ type: "OnIdle", evseId: 1 });
    expect(commands2x.reset("Hard", undefined).payload).toEqual({ type: "Immediate" });
    // F06.FR.13: a StatusNotification is of a connector.
    expect(commands2x.triggerMessage("StatusNotification", { evseId: 2 }).payload).toEqual({
      requestedMessage: "StatusNotification",
      evse: { connectorId: 1, id: 2 },
    });
    expect(commands2x.triggerMessage("MeterValues", { evseId: 2, connectorId: 1 }).payload).toEqual({
      requestedMessage: "MeterValues",
      evse: { id: 2 },
    });
    expect(commands2x.triggerMessage("MeterValues", {}).payload).toEqual({ requestedMessage: "MeterValues" });
    expect(commands2x.changeAvailability("Inoperative", { evseId: 1 }).payload).toEqual({
      operationalStatus: "Inoperative",
      evse: { id: 1 },
    });
    expect(commands2x.transactionStatus(undefined).payload).toEqual({});
    expect(() => commands2x.readConfiguration([])).toThrow("names");
    expect(() => commands2x.changeConfiguration("HeartbeatInterval", "1")).toThrow("Component.Variable");
    expect(() => commands2x.changePassword("short", null)).toThrow("16 to 40");
  });
});

describe("operations", () => {
  let running: TestGateway | undefined;

  afterEach(async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  });

  it("read the answers strictly", async () => {
    const test = await testGateway();
    running = test;
    const { operations, stations } = test.services;
    for (const id of ["A", "B", "NEVER"]) await stations.add(id, {});
    await test.station16("A", {
      UnlockConnector: () => ({ status: "Unlocked" }),
      ChangeConfiguration: () => ({ status: "RebootRequired" }),
      GetConfiguration: () => ({ unknownKey: ["X"] }),
      RemoteStopTransaction: () => ({ status: "Rejected" }),
    });
    await test.station201("B", {
      UnlockConnector: () => ({ status: "OngoingAuthorizedTransaction" }),
      Reset: () => ({ status: "Scheduled" }),
      ChangeAvailability: () => ({ status: "Scheduled" }),
      SetVariables: ({ setVariableData: [entry] }) => ({
        setVariableResult: [
          {
            attributeStatus: "UnknownVariable",
            component: entry?.component ?? { name: "" },
            variable: entry?.variable ?? { name: "" },
          },
        ],
      }),
      TriggerMessage: () => ({ status: "NotImplemented" }),
    });
    expect(await operations.unlockConnector("A", 1, 1, "t")).toMatchObject({ accepted: true, status: "Unlocked" });
    expect(await operations.changeConfiguration("A", "X", "1", "t")).toMatchObject({
      accepted: true,
      status: "RebootRequired",
    });
    expect(await operations.readConfiguration("A", [], "t")).toMatchObject({
      accepted: true,
      response: { unknownKey: ["X"] },
    });
    expect(await operations.remoteStop("A", "5", "t")).toMatchObject({ accepted: false, status: "Rejected" });
    expect(await operations.unlockConnector("B", 1, 1, "t")).toMatchObject({ accepted: false });
    expect(await operations.reset("B", "Soft", "t")).toMatchObject({ accepted: true, status: "Scheduled" });
    expect(await operations.changeAvailability("B", "Inoperative", "t")).toMatchObject({ accepted: true });
    expect(await operations.changeConfiguration("B", "A.B", "1", "t")).toMatchObject({
      accepted: false,
      status: "UnknownVariable",
    });
    expect(await operations.triggerMessage("B", "Heartbeat", "t")).toMatchObject({
      accepted: false,
      status: "NotImplemented",
    });
    await expect(operations.clearCache("B", "t")).rejects.toMatchObject({
      name: "OperationError",
      code: "NotSupported",
    });
    await expect(operations.clearCache("NEVER", "t")).rejects.toMatchObject({ code: "NotConnected" });
    await expect(operations.clearCache("NOBODY", "t")).rejects.toMatchObject({ name: "NotFoundError" });
  });

  it("keep remote starts, refused ones as such", async () => {
    const test = await testGateway();
    running = test;
    const { operations, stations, store, tokens } = test.services;
    await stations.add("A", {});
    await tokens.put("TAG1", { type: "eMAID" });
    const sent: object[] = [];
    await test.station201("A", {
      RequestStartTransaction: (request) => {
        sent.push(request);
        return { status: sent.length === 1 ? "Accepted" : "Rejected" };
      },
    });
    const first = await operations.remoteStart("A", { idToken: "TAG1", evseId: 1 }, "t");
    const second = await operations.remoteStart("A", { idToken: "TAG1", type: "Central" }, "t");
    expect(second.remoteStartId).not.toBe(first.remoteStartId);
    expect(sent).toEqual([
      { idToken: { idToken: "TAG1", type: "eMAID" }, remoteStartId: first.remoteStartId, evseId: 1 },
      { idToken: { idToken: "TAG1", type: "Central" }, remoteStartId: second.remoteStartId },
    ]);
    expect(
      (await store.reader.selectFrom("remote_starts").selectAll().orderBy("id").execute()).map(({ status }) => status),
    ).toEqual(["Pending", "Refused"]);
  });
});
