/* Block H: reservation. Part 6 has no case of it, so the tests cite the requirements of part 2. */
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

interface ToldReservation {
  readonly id: number;
  readonly status: string;
  readonly transactionId?: string | null;
}

const soon = () => new Date(Date.now() + 3_600_000).toISOString();

/** Has the operator reserve, and the station answer. */
async function reserve(
  cs: PlayedStation,
  where: object,
  status = "Accepted",
): Promise<{ readonly payload: Record<string, unknown>; readonly told: ToldReservation }> {
  const asked = csms.operator.post<ToldReservation>("/api/v1/reservations", {
    stationId: cs.identity,
    idToken: valid.idToken,
    expiresAt: soon(),
    ...where,
  });
  const { payload } = await cs.expect("ReserveNow", { status });
  return { payload, told: await asked };
}

const read = (id: number) => csms.operator.get<ToldReservation>(`/api/v1/reservations/${id}`);

it("reserves an EVSE, with the group of the token", async () => {
  verifies("H03.FR.04");
  const cs = await station();
  const { payload, told } = await reserve(cs, { evseId: 1 });
  expect(payload).toMatchObject({ id: told.id, idToken: valid, evseId: 1, groupIdToken: { idToken: "GROUP001" } });
  expect(payload).not.toHaveProperty("connectorType");
  expect(told).toMatchObject({ status: "Active" });
  await cs.report("Reserved", [1]);
});

it("reserves any EVSE, and one by its type of connector", async () => {
  verifies("H01.FR.18");
  const cs = await station();
  expect((await reserve(cs, {})).payload).not.toHaveProperty("evseId");
  const { payload } = await reserve(cs, { connectorType: "cCCS2" });
  expect(payload).toMatchObject({ connectorType: "cCCS2" });
  expect(payload).not.toHaveProperty("evseId");
});

it.each(["Occupied", "Faulted", "Unavailable", "Rejected"])(
  "keeps no reservation where the answer is %s",
  async (status) => {
    verifies("H01.FR.11", "H01.FR.12", "H01.FR.14");
    const cs = await station();
    const { told } = await reserve(cs, { evseId: 1 }, status);
    expect(told).toMatchObject({ status: "Refused", answer: status });
  },
);

describe("a reservation that is active", () => {
  it("is replaced under its id", async () => {
    verifies("H01.FR.02");
    const cs = await station();
    const { told } = await reserve(cs, { evseId: 1 });
    const { payload } = await reserve(cs, { evseId: 2, reservationId: told.id });
    expect(payload).toMatchObject({ id: told.id, evseId: 2 });
  });

  it("is cancelled, where the station knows it", async () => {
    verifies("H02.FR.01");
    const cs = await station();
    const { told } = await reserve(cs, { evseId: 1 });
    const refused = csms.operator.request("DELETE", `/api/v1/reservations/${told.id}`);
    await cs.expect("CancelReservation", { status: "Rejected" });
    await refused;
    expect(await read(told.id)).not.toMatchObject({ status: "Cancelled" });
    const asked = csms.operator.remove(`/api/v1/reservations/${told.id}`);
    expect((await cs.expect("CancelReservation", { status: "Accepted" })).payload).toEqual({ reservationId: told.id });
    await asked;
    expect(await read(told.id)).toMatchObject({ status: "Cancelled" });
  });

  it("is used by a transaction", async () => {
    verifies("H01.FR.15");
    const cs = await station();
    const { told } = await reserve(cs, { evseId: 1 });
    const parts = { idToken: valid, evse: { id: 1, connectorId: 1 }, reservationId: told.id };
    await cs.event("Started", "Authorized", parts);
    await expect.poll(() => read(told.id)).toMatchObject({ status: "Used" });
  });

  it.each(["Expired", "Removed"])(
    "ends when the station says %s, and an update of none is answered",
    async (status) => {
      verifies("H04.FR.01");
      const cs = await station();
      const { told } = await reserve(cs, { evseId: 1 });
      const update = { reservationUpdateStatus: status };
      expect(await cs.say("ReservationStatusUpdate", { reservationId: told.id, ...update })).toEqual({});
      expect(await read(told.id)).toMatchObject({ status });
      expect(await cs.say("ReservationStatusUpdate", { reservationId: 999_999_999, ...update })).toEqual({});
    },
  );
});
