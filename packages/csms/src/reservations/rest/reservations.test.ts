import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
  await bench.ask("PUT", "/api/v1/tokens/TAG1", {});
  await bench.station16("CP1", {
    ReserveNow: ({ connectorId }) => ({ status: connectorId === 1 ? "Accepted" : "Occupied" }),
    CancelReservation: () => ({ status: "Accepted" }),
  });
  await bench.ask("POST", "/api/v1/stations", { id: "CP3" });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("reservations", () => {
  const wish = { stationId: "CP1", idToken: "TAG1", evseId: 1, expiresAt: "2099-01-01T00:00:00Z" };

  it("ask the station, and keep what it says", async () => {
    const made = await bench.ask("POST", "/api/v1/reservations", wish);
    expect([made.status, made.json]).toEqual([
      201,
      expect.objectContaining({ stationId: "CP1", idToken: "TAG1", status: "Active" }),
    ]);
    const path = made.headers.get("location") ?? "";
    expect((await bench.ask("GET", path)).json).toEqual(made.json);
    const refused = await bench.ask("POST", "/api/v1/reservations", { ...wish, evseId: 2 });
    expect([refused.status, refused.json]).toEqual([
      201,
      expect.objectContaining({ status: "Refused", answer: "Occupied" }),
    ]);

    const list = async (query: string): Promise<unknown> =>
      (await bench.ask("GET", `/api/v1/reservations?${query}`)).json;
    expect(await list("stationId=CP1&status=Active")).toEqual([made.json]);
    expect(await list("status=Refused")).toEqual([refused.json]);
    expect(await list("stationId=CP2")).toEqual([]);

    const cancelled = await bench.ask("DELETE", path);
    expect([cancelled.status, cancelled.json]).toEqual([200, expect.objectContaining({ status: "Cancelled" })]);
    expect((await bench.ask("DELETE", path)).status).toBe(409);
  });

  it("are refused where they cannot be meant, or the station is away", async () => {
    expect(
      (await bench.ask("POST", "/api/v1/reservations", { ...wish, expiresAt: "2020-01-01T00:00:00Z" })).status,
    ).toBe(400);
    expect((await bench.ask("POST", "/api/v1/reservations", { ...wish, expiresAt: "soon" })).status).toBe(400);
    expect((await bench.ask("POST", "/api/v1/reservations", { ...wish, stationId: "CP404" })).status).toBe(404);
    expect((await bench.ask("POST", "/api/v1/reservations", { ...wish, stationId: "CP3" })).status).toBe(409);
    expect((await bench.ask("GET", "/api/v1/reservations/2000000000")).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/v1/reservations/2000000000")).status).toBe(404);
  });
});
