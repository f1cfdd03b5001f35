import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "./gateway.fixture.ts";
import { openRaw } from "./raw-station.fixture.ts";

let running: TestGateway | undefined;

async function start(options: Parameters<typeof testGateway>[0] = {}): Promise<TestGateway> {
  running = await testGateway(options);
  return running;
}

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const boot16 = { chargePointVendor: "Acme", chargePointModel: "Mono" };
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } } as const;

describe("messages", () => {
  it("boots stations of each version and keeps what they say of themselves", async () => {
    const { services, station16, station201, station21 } = await start();
    for (const id of ["A", "B", "C"]) await services.stations.add(id, {});
    const answers = [
      await (await station16("A")).call("BootNotification", { ...boot16, firmwareVersion: "1.2" }),
      await (await station201("B")).call("BootNotification", boot2x),
      await (await station21("C")).call("BootNotification", boot2x),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: "Accepted", interval: 60 });
    expect(await services.stations.get("A")).toMatchObject({ model: "Mono", firmware_version: "1.2", booted: 1 });
    expect(await services.stations.get("B")).toMatchObject({ vendor: "Acme", boot_reason: "PowerUp", booted: 1 });
  });

  it("charges in 1.6", async () => {
    const { services, station16 } = await start();
    await services.stations.add("CS001", {});
    await services.tokens.put("TAG1", { groupId: "G1" });
    const peer = await station16("CS001");
    await peer.call("BootNotification", boot16);
    expect(await peer.call("Authorize", { idTag: "TAG1" })).toEqual({
      idTagInfo: { status: "Accepted", parentIdTag: "G1" },
    });
    expect(await peer.call("Authorize", { idTag: "nobody" })).toEqual({ idTagInfo: { status: "Invalid" } });
    const time = new Date().toISOString();
    await peer.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Preparing" });
    const { transactionId, idTagInfo } = await peer.call("StartTransaction", {
      connectorId: 1,
      idTag: "TAG1",
      meterStart: 100,
      timestamp: time,
    });
    expect(idTagInfo.status).toBe("Accepted");
    expect(transactionId).toBeGreaterThan(0);
    await peer.call("MeterValues", {
      connectorId: 1,
      transactionId,
      meterValue: [
        {
          timestamp: time,
          sampledValue: [
            { value: "1.5", unit: "kWh" },
            { value: "20.5", measurand: "Temperature", unit: "Celsius" },
          ],
        },
      ],
    });
    expect((await services.transactions.open("CS001"))[0]).toMatchObject({ register: 1500 });
    const stop = await peer.call("StopTransaction", { transactionId, idTag: "TAG1", meterStop: 2000, timestamp: time });
    expect(stop).toEqual({ idTagInfo: { status: "Accepted", parentIdTag: "G1" } });
    expect(await services.transactions.find(String(transactionId))).toMatchObject({ complete: 1, meter_stop: 2000 });
  });

  it("serves what begins with Updated, EVSE 0, vendor data and two calls at once", async () => {
    const { services, station201 } = await start();
    await services.stations.add("CS001", {});
    await services.tokens.put("TAG1", {});
    const peer = await station201("CS001");
    await peer.call("BootNotification", boot2x);
    const timestamp = new Date().toISOString();
    const event = {
      eventType: "Updated",
      triggerReason: "Authorized",
      seqNo: 5,
      timestamp,
      transactionInfo: {
        transactionId: "T1",
        chargingState: "Charging",
        customData: { vendorId: "com.example", x: [1] },
      },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: "TAG1", type: "ISO14443" },
      customData: { vendorId: "com.example", anything: { deep: true } },
    } as const;
    expect(await peer.call("TransactionEvent", event)).toEqual({ idTokenInfo: { status: "Accepted" } });
    expect(
      await peer.call("StatusNotification", { evseId: 0, connectorId: 0, connectorStatus: "Available", timestamp }),
    ).toEqual({});
    expect(await services.transactions.open("CS001")).toHaveLength(1);
    const kept = await services.store.reader.selectFrom("transaction_events").selectAll().execute();
    expect(JSON.parse(kept[0]?.payload ?? "")).toEqual(event);
  });

  it("answers two calls that were sent at once, in their order", async () => {
    const { services, gateway } = await start();
    await services.stations.add("RAW", {});
    const socket = await openRaw(`${gateway.url.replace(/\/$/, "")}/RAW`, "ocpp1.6");
    const { frames } = socket;
    socket.send('[2,"1","BootNotification",{"chargePointVendor":"A","chargePointModel":"B"}]');
    socket.send('[2,"2","Heartbeat",{}]');
    socket.send('[2,"3","DataTransfer",{"vendorId":"nobody"}]');
    await until(
      () => frames,
      ({ length }) => length === 3,
    );
    expect(frames.map((frame) => (JSON.parse(frame) as unknown[]).slice(0, 2))).toEqual([
      [3, "1"],
      [3, "2"],
      [3, "3"],
    ]);
    expect(JSON.parse(frames[2] ?? "")).toEqual([3, "3", { status: "UnknownVendorId" }]);
    socket.close();
  });

  it("holds nobody else up while one station floods, and refuses what is too much", async () => {
    const { services, gateway, station16 } = await start({
      configuration: { webSocket: { callRate: { perSecond: 10, burst: 50 } } },
    });
    for (const id of ["FLOOD", "CALM"]) await services.stations.add(id, {});
    const flood = await openRaw(`${gateway.url.replace(/\/$/, "")}/FLOOD`, "ocpp1.6");
    flood.send('[2,"boot","BootNotification",{"chargePointVendor":"A","chargePointModel":"B"}]');
    await until(
      () => flood.frames,
      ({ length }) => length === 1,
    );
    for (let sent = 0; sent < 2_000; sent += 1) flood.send(`[2,"${sent}","Heartbeat",{}]`);
    const calm = await station16("CALM");
    expect(await calm.call("BootNotification", boot16)).toMatchObject({ status: "Accepted" });
    await until(
      () => flood.frames,
      ({ length }) => length === 2_001,
    );
    const refused = flood.frames.filter((frame) => frame.startsWith("[4,"));
    expect(refused.length).toBeGreaterThan(1_800);
    expect(refused.every((frame) => frame.includes('"InternalError"'))).toBe(true);
    flood.close();
  });

  it("takes the status of a connector from a NotifyEvent as well (part 5: a CSMS supports both)", async () => {
    const { services, station201 } = await start();
    await services.stations.add("CS001", {});
    const peer = await station201("CS001");
    await peer.call("BootNotification", boot2x);
    const timestamp = new Date().toISOString();
    const eventData = [
      {
        eventId: 1,
        timestamp,
        trigger: "Delta",
        actualValue: "Occupied",
        eventNotificationType: "HardWiredNotification",
        component: { name: "Connector", evse: { id: 1, connectorId: 2 } },
        variable: { name: "AvailabilityState" },
      },
      {
        eventId: 2,
        timestamp,
        trigger: "Delta",
        // No status of this version; what is a status in another is none here.
        actualValue: "42",
        eventNotificationType: "HardWiredNotification",
        component: { name: "Connector", evse: { id: 1, connectorId: 2 } },
        variable: { name: "AvailabilityState" },
      },
      {
        eventId: 3,
        timestamp,
        trigger: "Delta",
        actualValue: "Charging",
        eventNotificationType: "HardWiredNotification",
        component: { name: "EVSE", evse: { id: 1 } },
        variable: { name: "AvailabilityState" },
      },
    ] as const;
    expect(await peer.call("NotifyEvent", { generatedAt: timestamp, seqNo: 0, eventData: [...eventData] })).toEqual({});
    expect(await services.connectors.of("CS001")).toMatchObject([{ evse_id: 1, connector_id: 2, status: "Occupied" }]);
  });

  it("asks about a gap once (E14), ties reservations and remote starts to their transactions", async () => {
    const { services, station201 } = await start();
    await services.stations.add("CS001", {});
    await services.tokens.put("TAG1", {});
    const asked: unknown[] = [];
    const peer = await station201("CS001", {
      GetTransactionStatus: (request) => {
        asked.push(request);
        return { messagesInQueue: true, ongoingIndicator: true };
      },
      ReserveNow: () => ({ status: "Accepted" }),
      RequestStartTransaction: () => ({ status: "Accepted" }),
    });
    await peer.call("BootNotification", boot2x);
    const reservation = await services.reservations.reserve(
      { stationId: "CS001", idToken: "TAG1", evseId: 1, expiresAt: Date.now() + 60_000 },
      "test",
    );
    expect(reservation.status).toBe("Active");
    const { remoteStartId } = await services.operations.remoteStart("CS001", { idToken: "TAG1", evseId: 1 }, "test");
    const event = (seqNo: number, more: object = {}): Parameters<typeof peer.call<"TransactionEvent">>[1] => ({
      eventType: seqNo === 0 ? "Started" : "Updated",
      triggerReason: "RemoteStart",
      seqNo,
      timestamp: new Date().toISOString(),
      transactionInfo: { transactionId: "T1", remoteStartId },
      evse: { id: 1, connectorId: 1 },
      offline: seqNo > 0,
      ...more,
    });
    await peer.call("TransactionEvent", event(0, { reservationId: reservation.id }));
    await until(
      () => services.reservations.get(reservation.id),
      (row) => row?.status === "Used",
    );
    const [row] = await services.transactions.open("CS001");
    const remoteStart = await until(
      () => services.store.reader.selectFrom("remote_starts").selectAll().executeTakeFirst(),
      (found) => found?.status === "Started",
    );
    expect(remoteStart).toMatchObject({ remote_start_id: remoteStartId, transaction: row?.id });
    await peer.call("TransactionEvent", event(5));
    await peer.call("TransactionEvent", event(9));
    await until(
      () => asked,
      ({ length }) => length > 0,
    );
    expect(asked).toEqual([{ transactionId: "T1" }]);
  });

  it("answers every other message validly and tells of it", async () => {
    const { services, station21, station16, events } = await start();
    for (const id of ["A", "B"]) await services.stations.add(id, {});
    const peer = await station21("A");
    await peer.call("BootNotification", boot2x);
    expect(await peer.call("SignCertificate", { csr: "x" })).toEqual({ status: "Rejected" });
    expect(await peer.call("FirmwareStatusNotification", { status: "Installing", requestId: 1 })).toEqual({});
    expect(await peer.call("VatNumberValidation", { vatNumber: "1" })).toEqual({ vatNumber: "1", status: "Rejected" });
    expect(await peer.call("VatNumberValidation", { vatNumber: "1", evseId: 2 })).toEqual({
      vatNumber: "1",
      status: "Rejected",
      evseId: 2,
    });
    const hash = { hashAlgorithm: "SHA256", issuerNameHash: "a", issuerKeyHash: "b", serialNumber: "c" } as const;
    const chain = await peer.call("GetCertificateChainStatus", {
      certificateStatusRequests: [{ certificateHashData: hash, source: "CRL", urls: ["http://x"] }],
    });
    expect(chain.certificateStatus).toMatchObject([{ status: "Failed", source: "CRL", certificateHashData: hash }]);
    peer.send("NotifyPeriodicEventStream", {
      id: 1,
      pending: 0,
      basetime: new Date().toISOString(),
      data: [{ t: 0, v: "1" }],
    });
    const old = await station16("B");
    await old.call("BootNotification", boot16);
    expect(await old.call("LogStatusNotification", { status: "Uploading", requestId: 1 })).toEqual({});
    await old.call("SecurityEventNotification", {
      type: "TamperDetectionActivated",
      timestamp: new Date().toISOString(),
    });
    expect(await services.store.reader.selectFrom("security_events").selectAll().execute()).toMatchObject([
      { station_id: "B", type: "TamperDetectionActivated", critical: 1 },
    ]);
    const told = await until(
      () =>
        events.filter(({ kind }) => kind === "station.notified").map(({ data }) => (data as { action: string }).action),
      ({ length }) => length === 7,
    );
    expect(told.toSorted()).toEqual([
      "FirmwareStatusNotification",
      "GetCertificateChainStatus",
      "LogStatusNotification",
      "NotifyPeriodicEventStream",
      "SignCertificate",
      "VatNumberValidation",
      "VatNumberValidation",
    ]);
  });

  it("accepts no schedule of an EV that it cannot check (K15.FR.12, K17.FR.12)", async () => {
    const { services, station201 } = await start();
    await services.stations.add("CS001", {});
    const peer = await station201("CS001");
    await peer.call("BootNotification", boot2x);
    const answer = await peer.call("NotifyEVChargingSchedule", {
      timeBase: new Date().toISOString(),
      evseId: 1,
      chargingSchedule: {
        id: 1,
        chargingRateUnit: "W",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 1e9 }],
      },
    });
    expect(answer).toMatchObject({ status: "Rejected", statusInfo: { reasonCode: "UnsupportedRequest" } });
  });

  it("lets plug-ins answer and refuse", async () => {
    const seen: unknown[] = [];
    const { OcppError } = await import("@ocpp/core");
    const { services, station16 } = await start({
      hooks: {
        wanted: (_protocol, action) => action !== "BootNotification",
        before: async ({ action }) =>
          action === "Heartbeat"
            ? { answer: { currentTime: "2026-01-01T00:00:00Z" } }
            : action === "Authorize"
              ? { veto: new OcppError("GenericError", "not today") }
              : undefined,
        amend: async (_message, answer) => answer,
        after: (message, answer) => seen.push([message.action, answer]),
      },
    });
    await services.stations.add("CS001", {});
    const peer = await station16("CS001");
    await peer.call("BootNotification", boot16);
    expect(await peer.call("Heartbeat", {})).toEqual({ currentTime: "2026-01-01T00:00:00Z" });
    await expect(peer.call("Authorize", { idTag: "x" })).rejects.toMatchObject({
      code: "GenericError",
      description: "not today",
    });
    expect(await peer.call("DataTransfer", { vendorId: "x" })).toEqual({ status: "UnknownVendorId" });
    expect(seen).toEqual([
      ["Heartbeat", { currentTime: "2026-01-01T00:00:00Z" }],
      ["DataTransfer", { status: "UnknownVendorId" }],
    ]);
  });
});
