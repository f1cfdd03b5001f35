import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
  await bench.station16("CP1", {
    Reset: ({ type }) => ({ status: type === "Soft" ? "Accepted" : "Rejected" }),
    ChangeConfiguration: () => ({ status: "Accepted" }),
  });
  await bench.station201("CP2", { ClearCache: () => ({ status: "Accepted" }) });
  await bench.ask("POST", "/api/v1/stations", { id: "CP3" });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("jobs", () => {
  it("send a command to the stations that are named, and have a result of each", async () => {
    const started = await bench.ask("POST", "/api/v1/jobs", {
      action: "Reset",
      payload: { type: "Soft" },
      stationIds: ["CP1", "CP3", "CP1"],
    });
    expect([started.status, started.json]).toEqual([
      201,
      expect.objectContaining({ action: "Reset", total: 2, cancelled: false }),
    ]);
    const path = started.headers.get("location") ?? "";
    await vi.waitFor(async () => {
      expect((await bench.ask("GET", path)).json).toMatchObject({
        finished: true,
        counts: { completed: 1, error: 1, new: 0 },
      });
    });
    const { json } = await bench.ask("GET", `${path}/results`);
    expect(json).toMatchObject([
      { stationId: "CP1", state: "completed", result: { status: "Accepted" } },
      { stationId: "CP3", state: "error", errorCode: "NotConnected" },
    ]);
    expect((await bench.ask("GET", `${path}/results?state=error`)).json).toHaveLength(1);
    expect((await bench.ask("GET", `${path}/results?limit=1`)).headers.get("link")).toContain('rel="next"');
    expect((await bench.ask("GET", "/api/v1/jobs")).json).toContainEqual(expect.objectContaining({ action: "Reset" }));
  });

  it("send to all that a filter lets through", async () => {
    const { json } = await bench.ask("POST", "/api/v1/jobs", {
      action: "ClearCache",
      payload: {},
      filter: { connected: true, protocol: "ocpp2.0.1" },
    });
    expect(json).toMatchObject({ total: 1 });
  });

  it("wait for stations that are away where they are to, and are cancelled", async () => {
    const started = await bench.ask("POST", "/api/v1/jobs", {
      action: "Reset",
      payload: { type: "Hard" },
      stationIds: ["CP3"],
      offline: "wait",
      deadlineSeconds: 600,
    });
    const path = started.headers.get("location") ?? "";
    expect((await bench.ask("GET", path)).json).toMatchObject({ finished: false, counts: { new: 1 } });
    const { status, json } = await bench.ask("DELETE", path);
    expect([status, json]).toEqual([200, expect.objectContaining({ cancelled: true })]);
    await vi.waitFor(async () => {
      expect((await bench.ask("GET", `${path}/results`)).json).toMatchObject([
        { state: "error", errorCode: "Cancelled" },
      ]);
    });
  });

  it("show no secrets of what they send", async () => {
    const payload = { key: "AuthorizationKey", value: "0123456789abcdef" };
    const { text, headers } = await bench.ask("POST", "/api/v1/jobs", {
      action: "ChangeConfiguration",
      payload,
      stationIds: ["CP3"],
    });
    const path = headers.get("location") ?? "";
    for (const shown of [text, (await bench.ask("GET", path)).text, (await bench.ask("GET", "/api/v1/jobs")).text]) {
      expect(shown).not.toContain(payload.value);
      expect(shown).toContain("AuthorizationKey");
    }
  });

  it.each([
    [{ action: "Reset", payload: {} }, 400],
    [{ action: "Reset", payload: { type: "Soft" }, stationIds: ["CP1"], filter: {} }, 400],
    [{ action: "Reset", payload: { type: "Gentle" }, stationIds: ["CP1"] }, 400],
    [{ action: "Heartbeat", payload: {}, stationIds: ["CP1"] }, 400],
    [{ action: "Reset", payload: { type: "Soft" }, stationIds: ["CP1", "CP404"] }, 404],
    [{ action: "Reset", payload: { type: "Soft" }, filter: { vendor: "Nobody" } }, 400],
    [{ action: "Reset", payload: { type: "Soft" }, stationIds: [] }, 400],
  ])("refuse %j", async (body, expected) => {
    expect((await bench.ask("POST", "/api/v1/jobs", body)).status).toBe(expected);
  });

  it("are not found where there are none", async () => {
    for (const [method, path] of [
      ["GET", "/api/v1/jobs/1"],
      ["GET", "/api/v1/jobs/1/results"],
      ["DELETE", "/api/v1/jobs/1"],
    ] as const) {
      expect((await bench.ask(method, path)).status).toBe(404);
    }
  });
});
