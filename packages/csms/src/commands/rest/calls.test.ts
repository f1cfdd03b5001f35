import { OcppError } from "@ocpp/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;
const get = (path: string): Promise<Answer> => bench.ask("GET", path);
const call = (action: string, payload: unknown, query = "", id = "CP1"): Promise<Answer> =>
  bench.ask("POST", `/api/v1/stations/${id}/calls/${action}${query}`, payload);
const received: unknown[] = [];

beforeAll(async () => {
  bench = await contractBench();
  await bench.station16("CP1", {
    Reset: ({ type }) => ({ status: type === "Soft" ? "Accepted" : "Rejected" }),
    DataTransfer: (request) => {
      received.push(request);
      return { status: "Accepted", data: "ok" };
    },
    ClearCache: () => {
      throw new OcppError("NotSupported", "no cache here");
    },
    ChangeConfiguration: () => ({ status: "Accepted" }),
  });
  await bench.station201("CP2", { Reset: () => ({ status: "Scheduled" }) });
  await bench.station16("SLOW", { ClearCache: () => new Promise(() => {}) });
  await bench.csms.services.stations.add("AWAY", { registration: "Accepted" });
  await bench.csms.services.stations.add("GONE", { registration: "Accepted" });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("a call", () => {
  it("waits for the answer, whatever the version and whatever the answer", async () => {
    const accepted = await call("Reset", { type: "Soft" });
    expect(accepted.status).toBe(200);
    expect(accepted.json).toEqual({ id: expect.any(String), state: "completed", result: { status: "Accepted" } });
    expect((await call("Reset", { type: "Hard" })).json).toMatchObject({ result: { status: "Rejected" } });
    expect((await call("Reset", { type: "OnIdle" }, "", "CP2")).json).toMatchObject({
      result: { status: "Scheduled" },
    });
  });

  it("sends the payload as it is given", async () => {
    const payload = { vendorId: "v", messageId: "", data: '{"b":1.0,"a":"1"}' };
    await call("DataTransfer", payload);
    expect(JSON.stringify(received.at(-1))).toBe(JSON.stringify(payload));
  });

  it("is a 502 with the code where the station answers with an error", async () => {
    const { status, json } = await call("ClearCache", {});
    expect(status).toBe(502);
    expect(json).toMatchObject({
      code: "NotSupported",
      commandId: expect.any(String),
      type: "urn:ocpp-csms:problem:station-error",
    });
    const { commandId } = json as { commandId: string };
    expect((await get(`/api/v1/commands/${commandId}`)).json).toMatchObject({
      state: "error",
      errorCode: "NotSupported",
    });
  });

  it("is a 504 where the station does not answer in time", async () => {
    const { status, json } = await call("ClearCache", {}, "?timeout=0.05", "SLOW");
    expect(status).toBe(504);
    expect(json).toMatchObject({ code: "Timeout" });
  });

  it("is a 409 where the station is not connected, and waits for it when asked", async () => {
    const away = await call("Reset", { type: "Soft" }, "", "AWAY");
    expect(away.status).toBe(409);
    expect(away.json).toMatchObject({ code: "NotConnected" });
    const late = await call("Reset", { type: "Soft" }, "?offline=wait&deadline=0.05", "AWAY");
    expect(late.status).toBe(504);
    expect(late.json).toMatchObject({ code: "Deadline" });
    const waiting = call("Reset", { type: "Soft" }, "?offline=wait", "AWAY");
    await expect.poll(async () => (await get("/api/v1/commands?stationId=AWAY&state=new")).json).toHaveLength(1);
    const peer = await bench.station16("AWAY", { Reset: () => ({ status: "Accepted" }) });
    expect((await waiting).json).toMatchObject({ state: "completed", result: { status: "Accepted" } });
    await peer.close({ timeout: 0 });
  });

  it.each([
    ["an action that there is not", "Dance", {}, 400],
    ["an action of stations", "BootNotification", {}, 400],
    ["an action of another version", "SetVariables", { setVariableData: [] }, 400],
    ["a payload that does not fit", "Reset", { type: "soft" }, 400],
    ["a payload with more than there is", "Reset", { type: "Soft", colour: "red" }, 400],
    ["a payload that is a list", "Reset", [], 400],
    ["an action with a strange name", "%2e%2e%2f", {}, 400],
    ["an action with the name of a property", "constructor", {}, 400],
  ])("is refused: %s", async (_what, action, payload, status) => {
    expect((await call(action, payload)).status).toBe(status);
  });

  it("is refused without a body, or for an unknown station", async () => {
    expect((await bench.ask("POST", "/api/v1/stations/CP1/calls/ClearCache")).status).toBe(400);
    expect((await call("Reset", { type: "Soft" }, "", "NOBODY")).status).toBe(404);
    expect((await call("Reset", { type: "Soft" }, "?timeout=0")).status).toBe(400);
    expect((await call("Reset", { type: "Soft" }, "?offline=maybe")).status).toBe(400);
  });
});

describe("a command", () => {
  it("can be followed, where the caller does not wait", async () => {
    const { status, json, headers } = await call("Reset", { type: "Soft" }, "?wait=false");
    expect(status).toBe(202);
    const { id } = json as { id: string };
    expect(headers.get("location")).toBe(`/api/v1/commands/${id}`);
    const look = async (): Promise<unknown> => (await get(`/api/v1/commands/${id}`)).json;
    await expect.poll(look).toMatchObject({ state: "completed" });
    expect(await look()).toMatchObject({
      id,
      stationId: "CP1",
      action: "Reset",
      payload: { type: "Soft" },
      result: { status: "Accepted" },
      errorCode: null,
      requestedBy: "local",
      sentAt: expect.stringMatching(/Z$/),
      completedAt: expect.stringMatching(/Z$/),
    });
  });

  it("is cancelled while it waits, and not when it has ended", async () => {
    const { json } = await call("Reset", { type: "Soft" }, "?wait=false&offline=wait", "GONE");
    const { id } = json as { id: string };
    const cancelled = await bench.ask("POST", `/api/v1/commands/${id}/cancel`, {});
    expect(cancelled.json).toMatchObject({ id, state: "error", errorCode: "Cancelled" });
    expect((await bench.ask("POST", `/api/v1/commands/${id}/cancel`, {})).status).toBe(409);
    expect((await bench.ask("POST", "/api/v1/commands/nothing/cancel", {})).status).toBe(404);
    expect((await get("/api/v1/commands/nothing")).status).toBe(404);
  });

  it("is found by station, action and state, the newest first", async () => {
    const { json } = await get("/api/v1/commands?stationId=CP1&action=Reset&state=completed&limit=2");
    const found = json as { action: string; createdAt: string }[];
    expect(found).toHaveLength(2);
    expect(found.every(({ action }) => action === "Reset")).toBe(true);
    expect((await get("/api/v1/commands?state=lost")).status).toBe(400);
    expect((await get("/api/v1/commands?jobId=1")).json).toEqual([]);
  });

  it("tells no secrets that were sent", async () => {
    const { json } = await call("ChangeConfiguration", {
      key: "AuthorizationKey",
      value: "736563726574736563726574736563726574",
    });
    const { id } = json as { id: string };
    const told = await get(`/api/v1/commands/${id}`);
    expect(told.json).toMatchObject({ payload: { key: "AuthorizationKey", value: "***" } });
  });
});
