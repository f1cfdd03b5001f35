import { afterEach, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "../ocpp/gateway.fixture.ts";

let running: TestGateway | undefined;

afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

/** A station that answers reservations in turn. */
async function start(
  ...answers: ("Accepted" | "Rejected" | "Occupied")[]
): Promise<{ test: TestGateway; sent: Record<string, unknown>[] }> {
  const test = await testGateway();
  running = test;
  await test.services.stations.add("CS001", {});
  await test.services.tokens.put("TAG1", { groupId: "G1" });
  const sent: Record<string, unknown>[] = [];
  await test.station16("CS001", {
    ReserveNow: (request) => {
      sent.push({ ...request });
      return { status: answers.shift() ?? "Accepted" };
    },
    CancelReservation: (request) => {
      sent.push({ ...request });
      return { status: answers.shift() === "Rejected" ? "Rejected" : "Accepted" };
    },
  });
  return { test, sent };
}

const soon = (): number => Date.now() + 60_000;

describe("a reservation", () => {
  it("is Active once the station accepts it, and Cancelled on demand", async () => {
    const { test, sent } = await start();
    const { reservations } = test.services;
    const expiresAt = soon();
    const made = await reservations.reserve({ stationId: "CS001", idToken: "TAG1", evseId: 2, expiresAt }, "test");
    expect(made).toMatchObject({ status: "Active", answer: "Accepted", evse_id: 2 });
    expect(sent[0]).toEqual({
      connectorId: 2,
      expiryDate: new Date(expiresAt).toISOString(),
      idTag: "TAG1",
      parentIdTag: "G1",
      reservationId: made.id,
    });
    expect(await reservations.cancel(made.id, "test")).toMatchObject({ status: "Cancelled" });
    expect(sent[1]).toEqual({ reservationId: made.id });
    await expect(reservations.cancel(made.id, "test")).rejects.toMatchObject({ name: "ConflictError" });
    await expect(reservations.cancel(999, "test")).rejects.toMatchObject({ name: "NotFoundError" });
    // Events are told once they are kept, which nobody waits for.
    await expect
      .poll(() =>
        test.events
          .filter(({ kind }) => kind === "reservation.changed")
          .map(({ data }) => (data as { status: string }).status),
      )
      .toEqual(["Requested", "Active", "Cancelling", "Cancelled"]);
  });

  it("is Refused with the station's answer, or Failed where there is none", async () => {
    const { test } = await start("Occupied");
    const { reservations, stations, store } = test.services;
    expect(
      await reservations.reserve({ stationId: "CS001", idToken: "TAG1", expiresAt: soon() }, "test"),
    ).toMatchObject({
      status: "Refused",
      answer: "Occupied",
    });
    await stations.add("AWAY", {});
    await expect(
      reservations.reserve({ stationId: "AWAY", idToken: "TAG1", expiresAt: soon() }, "test"),
    ).rejects.toMatchObject({
      code: "NotConnected",
    });
    expect(
      await store.reader.selectFrom("reservations").selectAll().where("station_id", "=", "AWAY").execute(),
    ).toMatchObject([{ status: "Failed", answer: "NotConnected" }]);
    await expect(reservations.reserve({ stationId: "CS001", idToken: "TAG1", expiresAt: 1 }, "test")).rejects.toThrow(
      "future",
    );
  });

  it("replaces another of the station, and leaves that alone where the station refuses", async () => {
    const { test } = await start("Accepted", "Rejected", "Accepted");
    const { reservations } = test.services;
    const first = await reservations.reserve(
      { stationId: "CS001", idToken: "TAG1", evseId: 1, expiresAt: soon() },
      "test",
    );
    const again = { stationId: "CS001", idToken: "TAG2", evseId: 2, expiresAt: soon(), reservationId: first.id };
    expect(await reservations.reserve(again, "test")).toMatchObject({
      id: first.id,
      id_token: "TAG1",
      status: "Active",
      answer: "Rejected",
    });
    expect(await reservations.reserve(again, "test")).toMatchObject({
      id: first.id,
      id_token: "TAG2",
      evse_id: 2,
      status: "Active",
    });
    expect(await reservations.get(first.id)).toMatchObject({ id_token: "TAG2", created_at: first.created_at });
    await expect(reservations.reserve({ ...again, reservationId: 999 }, "test")).rejects.toMatchObject({
      name: "NotFoundError",
    });
  });

  it("stays where the station does not cancel it (H02.FR.01)", async () => {
    const { test } = await start("Accepted", "Rejected");
    const { reservations } = test.services;
    const made = await reservations.reserve(
      { stationId: "CS001", idToken: "TAG1", evseId: 1, expiresAt: soon() },
      "test",
    );
    expect(await reservations.cancel(made.id, "test")).toMatchObject({ status: "Active", answer: "Rejected" });
  });

  it("ends by use, by word of the station, with its connector, and by its time; each only once", async () => {
    const { test } = await start();
    const { reservations, store } = test.services;
    const make = async (evseId?: number): Promise<number> =>
      (await reservations.reserve({ stationId: "CS001", idToken: "TAG1", evseId, expiresAt: soon() }, "test")).id;
    const [used, expired, lost, other, due] = [await make(), await make(), await make(1), await make(2), await make(3)];
    await reservations.used(used, "OTHER", 5);
    expect(await reservations.get(used)).toMatchObject({ status: "Active" });
    await reservations.used(used, "CS001", 5);
    await reservations.updated(used, "CS001", "Removed");
    expect(await reservations.get(used)).toMatchObject({ status: "Used", transaction: 5 });
    await reservations.updated(expired, "CS001", "Expired");
    expect(await reservations.get(expired)).toMatchObject({ status: "Expired" });
    await reservations.updated(12345, "CS001", "Expired");
    await reservations.connectorLost("CS001", 1, "Occupied");
    expect(await reservations.get(lost)).toMatchObject({ status: "Active" });
    await reservations.connectorLost("CS001", 1, "Faulted");
    expect(await reservations.get(lost)).toMatchObject({ status: "Removed", answer: "Faulted" });
    expect(await reservations.get(other)).toMatchObject({ status: "Active" });
    await store.write(
      store.reader
        .updateTable("reservations")
        .set({ expires_at: Date.now() - 1 })
        .where("id", "in", [due, used]),
    );
    expect(await reservations.expire()).toBe(1);
    expect(await reservations.expire()).toBe(0);
    expect(await reservations.get(due)).toMatchObject({ status: "Expired" });
    expect(await reservations.get(used)).toMatchObject({ status: "Used" });
  });
});
