import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
  await bench.ask("POST", "/api/v1/stations", { id: "CP1" });
});

beforeEach(async () => {
  const { store } = bench.csms.services;
  for (const { token } of await store.reader.selectFrom("tokens").select("token").execute()) {
    await bench.ask("DELETE", `/api/v1/tokens/${encodeURIComponent(token)}`);
  }
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

const defaults = {
  type: null,
  status: "Accepted",
  expiresAt: null,
  groupId: null,
  maxActive: null,
  restrictedTo: null,
  note: null,
};

describe("tokens", () => {
  it("are created and replaced by PUT, which resets what it leaves out", async () => {
    const settings = {
      groupId: "FLEET",
      maxActive: 2,
      note: "van",
      restrictedTo: [{ stationId: "CP1", evseId: 1 }],
    };
    const created = await bench.ask("PUT", "/api/v1/tokens/TAG1", settings);
    expect([created.status, created.json]).toEqual([
      201,
      expect.objectContaining({ idToken: "TAG1", ...defaults, ...settings }),
    ]);
    const replaced = await bench.ask("PUT", "/api/v1/tokens/TAG1", { status: "Blocked" });
    expect([replaced.status, replaced.json]).toEqual([
      200,
      expect.objectContaining({ ...defaults, status: "Blocked" }),
    ]);
  });

  it("are changed by PATCH, which keeps what it leaves out", async () => {
    await bench.ask("PUT", "/api/v1/tokens/TAG1", { groupId: "FLEET", expiresAt: "2030-01-01T00:00:00+01:00" });
    const { json } = await bench.ask("PATCH", "/api/v1/tokens/tag1", { note: "lent" });
    expect(json).toMatchObject({
      idToken: "TAG1",
      groupId: "FLEET",
      expiresAt: "2029-12-31T23:00:00.000Z",
      note: "lent",
    });
    expect((await bench.ask("PATCH", "/api/v1/tokens/TAG1", { groupId: null })).json).toMatchObject({
      groupId: null,
      note: "lent",
    });
    expect((await bench.ask("PATCH", "/api/v1/tokens/NOBODY", { note: "x" })).status).toBe(404);
  });

  it("are shown and removed, in any case of letters", async () => {
    await bench.ask("PUT", "/api/v1/tokens/Tag%2F1", {});
    expect((await bench.ask("GET", "/api/v1/tokens/TAG%2F1")).json).toMatchObject({ idToken: "Tag/1" });
    expect((await bench.ask("DELETE", "/api/v1/tokens/tag%2F1")).status).toBe(204);
    expect((await bench.ask("GET", "/api/v1/tokens/TAG%2F1")).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/v1/tokens/tag%2F1")).status).toBe(404);
  });

  it("are listed by status, group and text", async () => {
    await bench.ask("PUT", "/api/v1/tokens/A1", { groupId: "G1", note: "Anna's van" });
    await bench.ask("PUT", "/api/v1/tokens/A2", { groupId: "G2", status: "Blocked" });
    await bench.ask("PUT", "/api/v1/tokens/B1", { groupId: "G1", status: "Blocked" });
    const found = async (query: string): Promise<unknown> =>
      ((await bench.ask("GET", `/api/v1/tokens?${query}`)).json as { idToken: string }[]).map(({ idToken }) => idToken);
    expect(await found("")).toEqual(["B1", "A2", "A1"]);
    expect(await found("status=Blocked")).toEqual(["B1", "A2"]);
    expect(await found("groupId=G1&status=Blocked")).toEqual(["B1"]);
    expect(await found("text=a")).toEqual(["A2", "A1"]);
    expect(await found("text=VAN")).toEqual(["A1"]);
    expect(await found("text=%25")).toEqual([]);
  });

  it("say what they are worth at a station", async () => {
    await bench.ask("PUT", "/api/v1/tokens/T1", { groupId: "G1", restrictedTo: [{ stationId: "CP1" }] });
    const worth = async (token: string, stationId: string): Promise<unknown> =>
      (await bench.ask("POST", `/api/v1/tokens/${token}/authorize`, { stationId })).json;
    expect(await worth("t1", "CP1")).toEqual({ status: "Accepted", groupId: "G1", expiresAt: null });
    expect(await worth("t1", "CP2")).toMatchObject({ status: "NotAtThisLocation" });
    expect(await worth("nobody", "CP1")).toMatchObject({ status: expect.stringMatching(/Unknown|Invalid/) as string });
  });

  it.each([
    [{ status: "Fine" }],
    [{ maxActive: -1 }],
    [{ maxActive: "2" }],
    [{ expiresAt: "tomorrow" }],
    [{ expiresAt: 5 }],
    [{ restrictedTo: [{ evseId: 1 }] }],
    [{ colour: "red" }],
    [null],
    [[]],
  ])("refuse %j", async (body) => {
    const { status, json } = await bench.ask("PUT", "/api/v1/tokens/TAG1", body);
    expect([status, json]).toEqual([400, expect.objectContaining({ status: 400 })]);
  });
});

describe("erasures", () => {
  it("take a driver's token out of everything, and keep the energy", async () => {
    await bench.ask("PUT", "/api/v1/tokens/DRIVER7", {});
    const station = await bench.station16("CP2");
    const { transactionId } = await station.call("StartTransaction", {
      connectorId: 1,
      idTag: "DRIVER7",
      meterStart: 0,
      timestamp: "2026-03-01T10:00:00Z",
    });
    expect((await bench.ask("POST", "/api/v1/privacy/erasures", { idToken: "DRIVER7" })).status).toBe(409);
    await station.call("StopTransaction", {
      transactionId,
      idTag: "DRIVER7",
      meterStop: 2000,
      timestamp: "2026-03-01T11:00:00Z",
    });

    const { status, json } = await bench.ask("POST", "/api/v1/privacy/erasures", { idToken: "driver7" });
    expect(status).toBe(200);
    expect((json as { changed: Record<string, number> }).changed).toHaveProperty("transactions");
    expect(JSON.stringify(json)).not.toMatch(/driver7/i);
    for (const path of ["transactions", "messages", "events", "tokens", "logs", "audit"]) {
      expect((await bench.ask("GET", `/api/v1/${path}?limit=1000`)).text, path).not.toMatch(/driver7/i);
    }
    expect((await bench.ask("GET", `/api/v1/transactions?transactionId=${transactionId}`)).json).toMatchObject([
      { energy: 2000 },
    ]);
    expect((await bench.ask("POST", "/api/v1/privacy/erasures", { idToken: "NEVERSEEN" })).status).toBe(404);
  });
});
