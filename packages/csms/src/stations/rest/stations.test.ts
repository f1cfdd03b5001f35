import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;
const get = (path: string): Promise<Answer> => bench.ask("GET", path);
const post = (path: string, body: unknown = {}): Promise<Answer> => bench.ask("POST", path, body);

beforeAll(async () => {
  bench = await contractBench();
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

function ids({ json }: Answer): unknown[] {
  return (json as { id: unknown }[]).map(({ id }) => id);
}

describe("a station", () => {
  it("is taken in, told of, changed and removed", async () => {
    const made = await post("/api/v1/stations", { id: "NEW 1", note: "by the door", heartbeatInterval: 30 });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe("/api/v1/stations/NEW%201");
    expect(made.json).toMatchObject({
      id: "NEW 1",
      registration: "Accepted",
      heartbeatInterval: 30,
      connected: false,
      model: null,
    });

    const told = await get("/api/v1/stations/NEW%201");
    expect(told.json).toMatchObject({ id: "NEW 1", connectors: [], note: "by the door" });

    const changed = await bench.ask("PATCH", "/api/v1/stations/NEW%201", {
      registration: "Rejected",
      note: null,
      heartbeatInterval: null,
    });
    expect(changed.json).toMatchObject({
      registration: "Rejected",
      note: null,
      heartbeatInterval: 60,
      securityProfile: 0,
    });

    expect((await bench.ask("DELETE", "/api/v1/stations/NEW%201")).status).toBe(204);
    expect((await get("/api/v1/stations/NEW%201")).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/v1/stations/NEW%201")).status).toBe(404);
    expect((await bench.ask("PATCH", "/api/v1/stations/NEW%201", { note: "x" })).status).toBe(404);
  });

  it("has switches of its own for what it is sent unasked", async () => {
    const made = await post("/api/v1/stations", { id: "QUIET", automation: { all: "off" } });
    expect(made.json).toMatchObject({ automation: { all: "off" } });
    const changed = await bench.ask("PATCH", "/api/v1/stations/QUIET", { automation: { statusMonitor: "on" } });
    expect(changed.json).toMatchObject({ automation: { statusMonitor: "on" } });
    const unset = await bench.ask("PATCH", "/api/v1/stations/QUIET", { automation: {} });
    expect((unset.json as { automation: object }).automation).toEqual({});
    expect((await bench.ask("PATCH", "/api/v1/stations/QUIET", { automation: { afterBoot: "maybe" } })).status).toBe(
      400,
    );
  });

  it("may be entered with its serial number, and as one that has booted", async () => {
    const fields = { serialNumber: "SN-1", booted: true };
    expect((await post("/api/v1/stations", { id: "SERIAL", ...fields })).json).toMatchObject(fields);
    const path = "/api/v1/stations/SERIAL";
    const changed = await bench.ask("PATCH", path, { serialNumber: "SN-2", booted: false });
    expect(changed.json).toMatchObject({ serialNumber: "SN-2", booted: false });
    const unknown = await bench.ask("PATCH", path, { serialNumber: null });
    expect(unknown.json).toMatchObject({ serialNumber: null });
    expect((await bench.ask("PATCH", path, { serialNumber: "" })).status).toBe(400);
    expect((await bench.ask("PATCH", path, { booted: true, registration: "Pending" })).status).toBe(400);
    expect((await get(path)).json).toMatchObject({ booted: false, registration: "Accepted" });
  });

  it("is taken in once", async () => {
    expect((await post("/api/v1/stations", { id: "ONCE" })).status).toBe(201);
    expect((await post("/api/v1/stations", { id: "ONCE" })).status).toBe(409);
  });

  it.each([
    [{}, "id"],
    [{ id: "" }, "id"],
    [{ id: "a:b" }, "id"],
    [{ id: "a\nb" }, "id"],
    [{ id: "x".repeat(49) }, "id"],
    [{ id: "A", registration: "accepted" }, "registration"],
    [{ id: "A", heartbeatInterval: 0 }, "heartbeatInterval"],
    [{ id: "A", heartbeatInterval: 2 ** 31 }, "heartbeatInterval"],
    [{ id: "A", securityProfile: 4 }, "securityProfile"],
    [{ id: "A", colour: "red" }, "colour"],
  ])("is refused as %j", async (body, field) => {
    const { status, json } = await post("/api/v1/stations", body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ in: "body", field }] });
  });

  it("is shown with its connectors", async () => {
    const peer = await bench.station16("CP77");
    await peer.call("StatusNotification", { connectorId: 0, errorCode: "NoError", status: "Available" });
    await peer.call("StatusNotification", {
      connectorId: 1,
      errorCode: "GroundFailure",
      status: "Faulted",
      info: "wet",
    });
    const { json } = await get("/api/v1/stations/CP77");
    expect(json).toMatchObject({
      id: "CP77",
      vendor: "Acme",
      model: "Mono",
      status: "Available",
      connected: true,
      protocol: "ocpp1.6",
      lastBootAt: expect.stringMatching(/Z$/),
      connectors: [
        {
          stationId: "CP77",
          connectorId: 1,
          evseId: 1,
          status: "Faulted",
          errorCode: "GroundFailure",
          info: "wet",
        },
      ],
    });
    expect(json).toMatchObject({ serialNumber: null });
    const list = await get("/api/v1/stations/CP77/connectors");
    expect(list.json).toEqual((json as { connectors: unknown }).connectors);
    expect((await get("/api/v1/stations/NOBODY/connectors")).status).toBe(404);
  });

  it("has a history of statuses", async () => {
    const peer = await bench.station16("HISTORY");
    for (const status of ["Available", "Preparing", "Charging"] as const) {
      await peer.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status });
    }
    await peer.call("StatusNotification", { connectorId: 2, errorCode: "NoError", status: "Available" });
    const { json } = await get("/api/v1/stations/HISTORY/statuses?connectorId=1&evseId=1");
    expect((json as { status: string }[]).map(({ status }) => status)).toEqual(["Charging", "Preparing", "Available"]);
    expect((await get("/api/v1/stations/NOBODY/statuses")).status).toBe(404);
  });

  it("tells the power of a connector that charges", async () => {
    const peer = await bench.station16("POWER");
    const timestamp = new Date().toISOString();
    await peer.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
    const { transactionId } = await peer.call("StartTransaction", {
      connectorId: 1,
      idTag: "T",
      meterStart: 0,
      timestamp,
    });
    await peer.call("MeterValues", {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp, sampledValue: [{ value: "7.4", measurand: "Power.Active.Import", unit: "kW" }] }],
    });
    expect((await get("/api/v1/stations/POWER/connectors")).json).toMatchObject([{ power: 7_400 }]);
  });

  it("is not removed while it is connected, and is disconnected when asked", async () => {
    const peer = await bench.station201("BUSY");
    expect((await bench.ask("DELETE", "/api/v1/stations/BUSY")).status).toBe(409);
    expect((await post("/api/v1/stations/BUSY/disconnect")).status).toBe(204);
    await expect
      .poll(async () => ((await get("/api/v1/stations/BUSY")).json as { connected: boolean }).connected)
      .toBe(false);
    expect((await post("/api/v1/stations/BUSY/disconnect")).json).toMatchObject({
      status: 409,
      type: "urn:ocpp-csms:problem:not-connected",
    });
    expect((await post("/api/v1/stations/NOBODY/disconnect")).status).toBe(404);
    await peer.close({ timeout: 0 });
  });
});

describe("the list", () => {
  it("is filtered, sorted and cut into pages", async () => {
    for (const [id, registration, note] of [
      ["L-1", "Accepted", "50%_off"],
      ["L-2", "Pending", "north"],
      ["L-3", "Accepted", "NORTH wing"],
    ]) {
      await post("/api/v1/stations", { id, registration, note });
    }
    expect(ids(await get("/api/v1/stations?text=l-"))).toEqual(["L-1", "L-2", "L-3"]);
    expect(ids(await get("/api/v1/stations?text=north&order=desc"))).toEqual(["L-3", "L-2"]);
    expect(ids(await get("/api/v1/stations?text=%25_"))).toEqual(["L-1"]);
    expect(ids(await get("/api/v1/stations?text=l-&registration=Pending"))).toEqual(["L-2"]);
    expect(ids(await get("/api/v1/stations?text=l-&connected=true"))).toEqual([]);
    await bench.station201("L-4");
    expect(ids(await get("/api/v1/stations?text=l-&protocol=ocpp2.0.1&connected=true"))).toEqual(["L-4"]);
    const first = await get("/api/v1/stations?text=l-&limit=3");
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    expect(ids(first)).toEqual(["L-1", "L-2", "L-3"]);
    expect(ids(await get(next))).toEqual(["L-4"]);
    for (const sort of ["id", "createdAt", "updatedAt", "lastSeenAt", "status"]) {
      expect((await get(`/api/v1/stations?sort=${sort}`)).status).toBe(200);
    }
  });

  it("is not fooled by text that means something to a database", async () => {
    for (const text of ["'; drop table stations; --", "\\", "%", "_", '"', "a' or '1'='1"]) {
      const answer = await get(`/api/v1/stations?text=${encodeURIComponent(text)}`);
      expect(answer.status).toBe(200);
      expect((answer.json as { id: string }[]).every(({ id }) => id === "L-1")).toBe(true);
    }
  });
});

describe("passwords", () => {
  it("are set and taken away, and never told", async () => {
    await post("/api/v1/stations", { id: "PASS" });
    const set = await bench.ask("PUT", "/api/v1/stations/PASS/password", { password: "a-long-password-1" });
    expect(set.json).toEqual({ success: true });
    const told = await get("/api/v1/stations/PASS");
    expect(told.json).toMatchObject({ hasPassword: true });
    expect(told.text).not.toContain("a-long-password-1");
    expect(told.text).not.toMatch(/scrypt|hash/);
    expect((await bench.ask("DELETE", "/api/v1/stations/PASS/password")).status).toBe(204);
    expect((await get("/api/v1/stations/PASS")).json).toMatchObject({ hasPassword: false });
    expect((await bench.ask("PUT", "/api/v1/stations/NOBODY/password", { password: "x" })).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/v1/stations/NOBODY/password")).status).toBe(404);
    expect((await bench.ask("PUT", "/api/v1/stations/PASS/password", { password: 5 })).status).toBe(400);
    const short = await bench.ask("PUT", "/api/v1/stations/PASS/password", { password: "x".repeat(15) });
    expect(short).toMatchObject({ status: 400, text: expect.stringContaining("16 to 64 characters") });
    const long = await bench.ask("PUT", "/api/v1/stations/PASS/password", { password: "x".repeat(65) });
    expect(long.status).toBe(400);
    const created = await bench.ask("POST", "/api/v1/stations", { id: "SHORT", password: "x".repeat(15) });
    expect(created).toMatchObject({ status: 400, text: expect.stringContaining("16 to 64 characters") });
  });

  it("are sent to the station when asked, and no record tells them", async () => {
    const keys: string[] = [];
    await bench.station16("PUSH", {
      ChangeConfiguration: ({ key }) => {
        keys.push(key);
        return { status: keys.length === 1 ? "Accepted" : "Rejected" };
      },
    });
    const path = "/api/v1/stations/PUSH/password";
    const accepted = await bench.ask("PUT", path, { password: "sixteen-bytes-pw", push: true });
    expect(accepted.json).toMatchObject({ success: true, status: "Accepted" });
    const refused = await bench.ask("PUT", path, { password: "another-16-bytes", push: true });
    expect(refused.json).toMatchObject({ success: false, status: "Rejected" });
    expect(keys).toEqual(["AuthorizationKey", "AuthorizationKey"]);
    const secret = Buffer.from("sixteen-bytes-pw").toString("hex");
    const { commandId } = accepted.json as { commandId: string };
    for (const told of [await get(`/api/v1/commands/${commandId}`), await get("/api/v1/commands?stationId=PUSH")]) {
      expect(told.text).toContain("AuthorizationKey");
      expect(told.text).not.toContain(secret);
    }
    expect((await bench.ask("PUT", path, { password: "short", push: true })).status).toBe(400);
    expect(
      (await bench.ask("PUT", "/api/v1/stations/PASS/password", { password: "sixteen-bytes-pw", push: true })).status,
    ).toBe(409);
  });
});

describe("knocks", () => {
  it("are listed, accepted and dismissed", async () => {
    for (const identity of ["UNKNOWN-1", "UNKNOWN-2"]) {
      bench.csms.services.stations.noteUnknown(identity, "10.0.0.1", ["ocpp2.0.1", "ocpp1.6"]);
    }
    const { json } = await get("/api/v1/unknown-stations?sort=identity&order=asc");
    expect(json).toMatchObject([
      { identity: "UNKNOWN-1", attempts: 1, remoteAddress: "10.0.0.1", subprotocols: ["ocpp2.0.1", "ocpp1.6"] },
      { identity: "UNKNOWN-2" },
    ]);
    const accepted = await post("/api/v1/unknown-stations/UNKNOWN-1/approve", { registration: "Pending" });
    expect(accepted.status).toBe(201);
    expect(accepted.json).toMatchObject({ id: "UNKNOWN-1", registration: "Pending" });
    expect((await bench.ask("DELETE", "/api/v1/unknown-stations/UNKNOWN-2")).status).toBe(204);
    expect((await get("/api/v1/unknown-stations")).json).toEqual([]);
    expect((await post("/api/v1/unknown-stations/UNKNOWN-2/approve")).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/v1/unknown-stations/UNKNOWN-2")).status).toBe(404);
  });
});
