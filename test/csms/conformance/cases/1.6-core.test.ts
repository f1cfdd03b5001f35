/* The core profile of OCPP 1.6, from the side of the central system, with the errata that bind it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { play } from "../support/player.ts";
import { type RunningCsms, runCsms } from "../support/running-csms.ts";
import { boot, enterTags, now, type StationSource, start, stationSource, told } from "../support/station-1.6.ts";
import { verifies } from "../verifies.ts";

let csms: RunningCsms;
let station: StationSource;
beforeAll(async () => {
  csms = await runCsms();
  await enterTags(csms);
  station = stationSource(csms);
});
afterAll(() => csms.close());

describe("what the station begins", () => {
  it("BootNotification: accepted with our time and an interval; pending and rejected as the operator says", async () => {
    verifies(
      "1.6/BootNotification",
      "1.6/BootNotification/Pending",
      "1.6/BootNotification/Rejected",
      "1.6J/errata/2.3",
    );
    const accepted = await (await station({}, false)).say("BootNotification", boot);
    expect(accepted).toMatchObject({ status: "Accepted", interval: 60 });
    expect(Number.isInteger(accepted["interval"])).toBe(true);
    expect(Math.abs(Date.parse(String(accepted["currentTime"])) - Date.now())).toBeLessThan(5_000);
    for (const registration of ["Pending", "Rejected"]) {
      const answer = await (await station({ registration }, false)).say("BootNotification", boot);
      expect(answer).toMatchObject({ status: registration });
      expect(answer["interval"]).toBeGreaterThan(0);
    }
  });

  it("Authorize: every status, with the parent idTag and the expiry", async () => {
    verifies("1.6/Authorize");
    const cp = await station();
    const ask = async (idTag: string) => (await cp.say("Authorize", { idTag }))["idTagInfo"];
    expect(await ask("TAG1")).toEqual({ status: "Accepted", parentIdTag: "FAMILY" });
    expect(await ask("tag1")).toMatchObject({ status: "Accepted" });
    expect(await ask("NOBODY")).toEqual({ status: "Invalid" });
    expect(await ask("BLOCKED")).toMatchObject({ status: "Blocked" });
    expect(await ask("OLD")).toMatchObject({ status: "Expired" });
  });

  it("Heartbeat: our time", async () => {
    verifies("1.6/Heartbeat", "1.6/Heartbeat/availability");
    const cp = await station();
    expect(Object.keys(await cp.say("Heartbeat", {}))).toEqual(["currentTime"]);
    const lastHeard = async () => {
      const { connected, lastHeartbeatAt } = await csms.operator.get<{
        connected: boolean;
        lastHeartbeatAt: string | null;
      }>(`/api/v1/stations/${cp.identity}`);
      return connected ? Date.parse(lastHeartbeatAt ?? "") : Number.NaN;
    };
    await expect.poll(lastHeard).toBeGreaterThan(Date.now() - 10_000);
  });

  it("StatusNotification: connector 0 is the station, others appear as they are named", async () => {
    verifies("1.6/StatusNotification");
    const cp = await station();
    const fault = {
      connectorId: 2,
      status: "Faulted",
      errorCode: "GroundFailure",
      info: "earth",
      vendorErrorCode: "E7",
    };
    expect(await cp.say("StatusNotification", { connectorId: 0, status: "Unavailable", errorCode: "NoError" })).toEqual(
      {},
    );
    expect(await cp.say("StatusNotification", { ...fault, timestamp: now() })).toEqual({});
    const point = await csms.operator.get<object>(`/api/v1/stations/${cp.identity}`);
    expect(point).toMatchObject({ status: "Unavailable" });
    const connectors = await csms.operator.get(`/api/v1/stations/${cp.identity}/connectors`);
    expect(connectors).toMatchObject([{ connectorId: 2, status: "Faulted", errorCode: "GroundFailure" }]);
  });

  it("StartTransaction and StopTransaction: a unique positive id, energy from the registers", async () => {
    verifies("1.6/StartTransaction", "1.6/StopTransaction", "1.6/StopTransaction/idTagInfo");
    const cp = await station();
    const { transactionId, idTagInfo } = await start(cp);
    expect(idTagInfo).toEqual({ status: "Accepted", parentIdTag: "FAMILY" });
    expect(Number.isInteger(transactionId)).toBe(true);
    expect(transactionId).toBeGreaterThan(0);
    const stop = { transactionId, idTag: "TAG2", meterStop: 8_500, timestamp: now(), reason: "Local" };
    expect(await cp.say("StopTransaction", stop)).toMatchObject({ idTagInfo: { status: "Accepted" } });
    expect(await told(csms, transactionId)).toMatchObject({
      transactionId: String(transactionId),
      stationId: cp.identity,
      complete: true,
      meterStart: 1_000,
      meterStop: 8_500,
      energy: 7500,
      stoppedReason: "Local",
    });
  });

  it("StartTransaction: recorded whatever the tag is worth, with ConcurrentTx for one too many", async () => {
    verifies("1.6/StartTransaction", "1.6/StartTransaction/idTag");
    const cp = await station();
    for (const [index, [idTag, status]] of [
      ["NOBODY", "Invalid"],
      ["BLOCKED", "Blocked"],
      ["OLD", "Expired"],
      ["ONCE", "Accepted"],
      ["ONCE", "ConcurrentTx"],
    ].entries()) {
      const { transactionId, idTagInfo } = await start(cp, idTag, { meterStart: index });
      expect(idTagInfo).toMatchObject({ status });
      expect(await told(csms, transactionId)).toMatchObject({ idToken: idTag, complete: false });
    }
  });

  it("StartTransaction again, as its answer was lost: the same id, one transaction", async () => {
    verifies("1.6/StartTransaction");
    const cp = await station();
    const timestamp = now();
    const first = await start(cp, "TAG1", { timestamp });
    const second = await start(cp, "TAG1", { timestamp });
    expect(second["transactionId"]).toBe(first["transactionId"]);
  });

  it("StopTransaction without a reason or a tag, of an unknown transaction, and of -1", async () => {
    verifies("1.6/StopTransaction", "1.6/errata/3.18", "1.6J/errata/2.5");
    const cp = await station();
    const { transactionId } = await start(cp);
    expect(await cp.say("StopTransaction", { transactionId, meterStop: 1_100, timestamp: now() })).toEqual({});
    expect(await told(csms, transactionId)).toMatchObject({ complete: true, stoppedReason: "Local" });
    for (const unknown of [2_000_000_000, -1]) {
      const stop = { transactionId: unknown, idTag: "TAG1", meterStop: 5, timestamp: now() };
      expect(await cp.say("StopTransaction", stop)).toMatchObject({ idTagInfo: { status: "Accepted" } });
    }
    const failed = await csms.operator.get<object[]>(`/api/v1/failed-stops?stationId=${cp.identity}`);
    expect(failed).toHaveLength(2);
  });

  it("MeterValues: of a transaction, outside of one, of -1 and of connector 0", async () => {
    verifies("1.6/MeterValues", "1.6/errata/3.18");
    const cp = await station();
    const { transactionId } = await start(cp);
    const values = (value: string) => [{ timestamp: now(), sampledValue: [{ value }] }];
    expect(await cp.say("MeterValues", { connectorId: 1, transactionId, meterValue: values("1500") })).toEqual({});
    expect(await cp.say("MeterValues", { connectorId: 0, meterValue: values("7") })).toEqual({});
    expect(await cp.say("MeterValues", { connectorId: 1, transactionId: -1, meterValue: values("9") })).toEqual({});
    const transaction = await told(csms, transactionId);
    const kept = await csms.operator.get<object[]>(`/api/v1/transactions/${transaction?.id}/meter-values`);
    expect(kept).toHaveLength(1);
  });

  it("MeterValues with both spellings of the unit of temperature", async () => {
    verifies("1.6/MeterValues", "1.6J/errata/2.1");
    const cp = await station();
    for (const unit of ["Celsius", "Celcius"]) {
      const sampledValue = [{ value: "40", measurand: "Temperature", unit }];
      const request = { connectorId: 1, meterValue: [{ timestamp: now(), sampledValue }] };
      expect(await cp.say("MeterValues", request)).toEqual({});
    }
  });

  it("DataTransfer of a vendor that nobody knows", async () => {
    verifies("1.6/DataTransfer/receive");
    const cp = await station();
    expect(await cp.say("DataTransfer", { vendorId: "nobody" })).toEqual({ status: "UnknownVendorId" });
  });

  it("everything else of the core and of the security extension is answered", async () => {
    const cp = await station();
    expect(await cp.say("DiagnosticsStatusNotification", { status: "Uploaded" })).toEqual({});
    expect(await cp.say("FirmwareStatusNotification", { status: "Installed" })).toEqual({});
    expect(await cp.say("LogStatusNotification", { status: "Uploaded", requestId: 1 })).toEqual({});
    const event = { type: "TamperDetectionActivated", timestamp: now() };
    expect(await cp.say("SecurityEventNotification", event)).toEqual({});
    const events = await csms.operator.get(`/api/v1/security-events?stationId=${cp.identity}`);
    expect(events).toMatchObject([{ type: "TamperDetectionActivated" }]);
  });
});

describe("before the station is accepted", () => {
  it.each(["Pending", "Rejected"])(
    "everything but BootNotification is a SecurityError while %s",
    async (registration) => {
      verifies("1.6J/errata/3.8");
      const cp = await station({ registration }, false);
      await cp.say("BootNotification", boot);
      for (const [action, payload] of [
        ["Heartbeat", {}],
        ["Authorize", { idTag: "TAG1" }],
        ["StartTransaction", { connectorId: 1, idTag: "TAG1", meterStart: 0, timestamp: now() }],
      ] as const) {
        expect(await cp.ask(action, payload)).toMatchObject({ error: "SecurityError" });
      }
    },
  );

  it("a station once accepted is served after a reconnect without a boot, and is not asked for one", async () => {
    verifies("1.6/BootNotification", "1.6/errata/3.40");
    const cp = await station();
    await cp.close();
    const again = await play({ url: csms.url, identity: cp.identity, protocol: "ocpp1.6" });
    expect(await again.say("Heartbeat", {})).toHaveProperty("currentTime");
    expect(again.waiting.map(({ payload }) => payload)).not.toContainEqual({ requestedMessage: "BootNotification" });
  });
});

describe("what the operator begins", () => {
  it.each([
    ["ChangeAvailability", { connectorId: 1, type: "Inoperative" }, { status: "Scheduled" }],
    ["ChangeConfiguration", { key: "MeterValueSampleInterval", value: "30" }, { status: "RebootRequired" }],
    ["ClearCache", {}, { status: "Accepted" }],
    ["DataTransfer", { vendorId: "acme", messageId: "hello", data: "x" }, { status: "Accepted", data: "y" }],
    ["GetConfiguration", { key: ["A", "B"] }, { configurationKey: [], unknownKey: ["A", "B"] }],
    ["RemoteStartTransaction", { idTag: "TAG1", connectorId: 1 }, { status: "Accepted" }],
    ["RemoteStopTransaction", { transactionId: 5 }, { status: "Rejected" }],
    ["Reset", { type: "Soft" }, { status: "Accepted" }],
    ["UnlockConnector", { connectorId: 1 }, { status: "UnlockFailed" }],
    ["TriggerMessage", { requestedMessage: "MeterValues", connectorId: 1 }, { status: "Accepted" }],
    ["GetDiagnostics", { location: "ftp://example.com/x", retries: 3 }, { fileName: "x.zip" }],
    ["UpdateFirmware", { location: "https://example.com/fw", retrieveDate: "2026-01-01T00:00:00Z" }, {}],
  ] as const)("%s arrives as it was given, and its answer comes back", async (action, payload, answer) => {
    verifies(
      "1.6/ChangeAvailability",
      "1.6/ChangeConfiguration",
      "1.6/ClearCache",
      "1.6/DataTransfer/send",
      "1.6/GetConfiguration",
      "1.6/RemoteStartTransaction",
      "1.6/RemoteStopTransaction",
      "1.6/Reset",
      "1.6/UnlockConnector",
      "1.6/TriggerMessage",
    );
    const cp = await station();
    const asked = csms.operator.call(cp.identity, action, payload);
    const call = await cp.expect(action, answer);
    expect(JSON.stringify(call.payload)).toBe(JSON.stringify(payload));
    expect(await asked).toMatchObject({ status: 200, body: { state: "completed", result: answer } });
  });

  it("a CALLERROR comes back at once, with its code", async () => {
    verifies("1.6/Reset");
    const cp = await station();
    const asked = csms.operator.call(cp.identity, "Reset", { type: "Hard" });
    cp.refuse(await cp.expectUnanswered("Reset"), "NotSupported", "no");
    const { status, body } = await asked;
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(body)).toContain("NotSupported");
  });

  it("a remote stop leaves its mark on the transaction", async () => {
    verifies("1.6/RemoteStopTransaction");
    const cp = await station();
    const { transactionId } = await start(cp);
    const { id } = (await told(csms, transactionId)) ?? {};
    const asked = csms.operator.post(`/api/v1/transactions/${id}/stop`, {});
    expect((await cp.expect("RemoteStopTransaction", { status: "Accepted" })).payload).toEqual({ transactionId });
    expect(await asked).toMatchObject({ accepted: true });
    await cp.say("StopTransaction", { transactionId, meterStop: 1_200, timestamp: now(), reason: "Remote" });
    expect(await told(csms, transactionId)).toMatchObject({ complete: true, stoppedReason: "Remote" });
  });

  it("the profile of an operator's reservation: ReserveNow, its use, and CancelReservation", async () => {
    verifies("1.6/ReserveNow", "1.6/ReserveNow/used", "1.6/CancelReservation");
    const cp = await station();
    const reserve = async () => {
      const asked = csms.operator.post<{ id: number }>("/api/v1/reservations", {
        stationId: cp.identity,
        idToken: "TAG1",
        evseId: 1,
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      });
      const { payload } = await cp.expect("ReserveNow", { status: "Accepted" });
      const { id } = await asked;
      expect(payload).toMatchObject({ connectorId: 1, idTag: "TAG1", parentIdTag: "FAMILY", reservationId: id });
      return id;
    };
    const used = await reserve();
    await start(cp, "TAG1", { reservationId: used });
    await expect.poll(() => csms.operator.get(`/api/v1/reservations/${used}`)).toMatchObject({ status: "Used" });
    const cancelled = await reserve();
    const asked = csms.operator.remove(`/api/v1/reservations/${cancelled}`);
    const call = await cp.expect("CancelReservation", { status: "Accepted" });
    expect(call.payload).toEqual({ reservationId: cancelled });
    await asked;
    expect(await csms.operator.get(`/api/v1/reservations/${cancelled}`)).toMatchObject({ status: "Cancelled" });
  });
});
