import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway, until } from "../ocpp/gateway.fixture.ts";

let running: TestGateway | undefined;

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "Acme", model: "Duo" } } as const;
const by = { requestedBy: "operator" };
const later = new Date(Date.now() + 3_600_000).toISOString();

async function start(): Promise<TestGateway> {
  running = await testGateway();
  for (const id of ["CS001", "CS002"]) await running.services.stations.add(id, {});
  await running.services.tokens.put("TAG1", { groupId: "G1" });
  return running;
}

const remoteStarts = ({ services }: TestGateway) =>
  services.store.reader.selectFrom("remote_starts").selectAll().orderBy("id").execute();

describe("commands that are given as they are", () => {
  it("stand among the reservations of 2.x, from the request to the cancellation", async () => {
    const { services, station201 } = await start();
    const statuses = ["Accepted", "Occupied"] as const;
    let asked = 0;
    const peer = await station201("CS001", {
      ReserveNow: () => ({ status: statuses[asked++] ?? "Accepted" }),
      CancelReservation: () => ({ status: "Accepted" }),
    });
    await peer.call("BootNotification", boot2x);
    const reserve = (id: number) =>
      services.commander.call(
        "CS001",
        "ReserveNow",
        { id, expiryDateTime: later, idToken: { idToken: "TAG1", type: "ISO14443" }, evseId: 2 },
        by,
      );
    await reserve(7);
    expect(await services.reservations.get(7)).toMatchObject({
      station_id: "CS001",
      status: "Active",
      id_token: "TAG1",
      id_token_type: "ISO14443",
      evse_id: 2,
      expires_at: Date.parse(later),
    });
    await reserve(8);
    expect(await services.reservations.get(8)).toMatchObject({ status: "Refused", answer: "Occupied" });
    await services.commander.call("CS001", "CancelReservation", { reservationId: 7 }, by);
    expect(await services.reservations.get(7)).toMatchObject({ status: "Cancelled" });
    // The next of our own takes no number that is in use.
    await services.store.write(
      services.store.reader.updateTable("counters").set({ value: 6 }).where("name", "=", "reservation"),
    );
    const own = await services.reservations.reserve(
      { stationId: "CS001", idToken: "TAG1", evseId: 1, expiresAt: Date.parse(later) },
      "operator",
    );
    expect([7, 8]).not.toContain(own.id);
  });

  it("take no reservation away from another station", async () => {
    const { services, station16 } = await start();
    const asked: unknown[] = [];
    for (const id of ["CS001", "CS002"]) {
      const peer = await station16(id, {
        ReserveNow: (request) => {
          asked.push([id, request.reservationId]);
          return { status: "Accepted" };
        },
      });
      await peer.call("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" });
    }
    const payload = { connectorId: 0, expiryDate: later, idTag: "TAG1", reservationId: 5 };
    expect(await services.commander.call("CS001", "ReserveNow", payload, by)).toMatchObject({ state: "completed" });
    expect(await services.commander.call("CS002", "ReserveNow", payload, by)).toMatchObject({
      state: "error",
      code: "NotAccepted",
      description: "Reservation 5 is one of another station: take another id",
    });
    expect(asked).toEqual([["CS001", 5]]);
    expect(await services.reservations.get(5)).toMatchObject({ station_id: "CS001", status: "Active", evse_id: null });
  });

  it("stand among the remote starts, and lend their token to a transaction that names none", async () => {
    const test = await start();
    const { services, station201 } = test;
    const peer = await station201("CS001", {
      RequestStartTransaction: ({ remoteStartId }) => ({ status: remoteStartId === 2 ? "Rejected" : "Accepted" }),
      RequestStopTransaction: () => ({ status: "Accepted" }),
    });
    await peer.call("BootNotification", boot2x);
    const ask = (remoteStartId: number) =>
      services.commander.call(
        "CS001",
        "RequestStartTransaction",
        { idToken: { idToken: "TAG1", type: "ISO14443" }, remoteStartId, evseId: 1 },
        by,
      );
    await ask(1);
    await ask(2);
    expect(await remoteStarts(test)).toMatchObject([
      { remote_start_id: 1, status: "Pending", id_token: "TAG1", id_token_type: "ISO14443", evse_id: 1 },
      { remote_start_id: 2, status: "Refused" },
    ]);
    const answer = await peer.call("TransactionEvent", {
      eventType: "Started",
      triggerReason: "RemoteStart",
      seqNo: 0,
      timestamp: new Date().toISOString(),
      transactionInfo: { transactionId: "T1", remoteStartId: 1 },
      evse: { id: 1, connectorId: 1 },
    });
    expect(answer).toEqual({});
    expect(await services.transactions.find("T1", "CS001")).toMatchObject({
      id_token: "TAG1",
      id_token_type: "ISO14443",
      group_id: "G1",
      authorization: "Accepted",
    });
    await until(
      () => remoteStarts(test),
      ([first]) => first?.status === "Started",
    );
    await services.commander.call("CS001", "RequestStopTransaction", { transactionId: "T1" }, by);
    expect(await services.transactions.find("T1", "CS001")).toMatchObject({ requested_stop_reason: "Remote" });
    // The reason is recorded whichever way the stop was given.
    await services.operations.remoteStop("CS001", "T1", "operator", "Stuck");
    expect(await services.transactions.find("T1", "CS001")).toMatchObject({ requested_stop_reason: "Remote: Stuck" });
    const stop = { ...by, reason: "Moved" };
    await services.commander.call("CS001", "RequestStopTransaction", { transactionId: "T1" }, stop);
    expect(await services.transactions.find("T1", "CS001")).toMatchObject({ requested_stop_reason: "Remote: Moved" });
  });

  it("of 1.6 are kept as well, and a named remote start is kept once and says whether its token is known", async () => {
    const test = await start();
    const { services, station16 } = test;
    const peer = await station16("CS001", { RemoteStartTransaction: () => ({ status: "Accepted" }) });
    await peer.call("BootNotification", { chargePointVendor: "Acme", chargePointModel: "Mono" });
    await services.commander.call("CS001", "RemoteStartTransaction", { idTag: "TAG1", connectorId: 2 }, by);
    expect(await remoteStarts(test)).toMatchObject([{ id_token: "TAG1", evse_id: 2, status: "Pending" }]);
    expect(await services.operations.remoteStart("CS001", { idToken: "NOBODY" }, "operator")).toMatchObject({
      accepted: true,
      knownToken: false,
    });
    expect(await services.operations.remoteStart("CS001", { idToken: "TAG1" }, "operator")).toMatchObject({
      knownToken: true,
    });
    expect(await remoteStarts(test)).toHaveLength(3);
  });
});
