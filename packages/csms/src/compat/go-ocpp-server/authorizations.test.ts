import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;

beforeEach(async () => {
  bench = await contractBench();
});

afterEach(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("authorizations, as go-ocpp-server has them", () => {
  it("are created and changed by POST, always with 201 and the object", async () => {
    const created = await bench.ask("POST", "/api/authorizations", { idTag: "RFID1" });
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: expect.any(Number) as number,
        idTag: "RFID1",
        status: "Accepted",
        createdAt: expect.any(String) as string,
        updatedAt: expect.any(String) as string,
      },
    ]);
    const changed = await bench.ask("POST", "/api/authorizations", {
      idTag: "RFID1",
      status: "Blocked",
      expiryDate: "2030-01-01T00:00:00Z",
    });
    expect([changed.status, changed.json]).toEqual([
      201,
      expect.objectContaining({ idTag: "RFID1", status: "Blocked", expiryDate: "2030-01-01T00:00:00.000Z" }),
    ]);
    expect((await bench.ask("POST", "/api/authorizations", { status: "Accepted" })).status).toBe(400);
  });

  it("are listed as an array, and shown one by its idTag", async () => {
    await bench.ask("POST", "/api/authorizations", { idTag: "RFID1" });
    await bench.ask("POST", "/api/authorizations", { idTag: "RFID2" });
    expect((await bench.ask("GET", "/api/authorizations")).json).toMatchObject([
      { idTag: "RFID2" },
      { idTag: "RFID1" },
    ]);
    expect((await bench.ask("GET", "/api/authorizations?idTag=RFID1")).json).toMatchObject({ idTag: "RFID1" });
    expect((await bench.ask("GET", "/api/authorizations?idTag=RFID3")).status).toBe(404);
  });

  it("are removed with 204, and with 400 where no idTag is given", async () => {
    await bench.ask("POST", "/api/authorizations", { idTag: "RFID1" });
    const removed = await bench.ask("DELETE", "/api/authorizations?idTag=RFID1");
    expect([removed.status, removed.text]).toEqual([204, ""]);
    expect((await bench.ask("GET", "/api/authorizations")).json).toEqual([]);
    expect((await bench.ask("DELETE", "/api/authorizations")).status).toBe(400);
  });
});
