import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type ContractBench, contractBench } from "../../http/contract.fixture.ts";

/*
 * The endpoints of go-ocpp-server as its README and code have them: paths, bodies, codes and fields of successes. Errors are problem
 * details here.
 */

let bench: ContractBench;
const get = (path: string): Promise<Answer> => bench.ask("GET", path);
const post = (path: string, body: unknown): Promise<Answer> => bench.ask("POST", path, body);
const command = (name: string, body: object): Promise<Answer> =>
  post(`/api/commands/${name}`, { chargePointId: "CP001", ...body });

/** What the stations were sent. */
const sent: (readonly [string, unknown])[] = [];
const heard = <T>(action: string, answer: T): ((request: unknown) => T) => {
  return (request) => {
    sent.push([action, request]);
    return answer;
  };
};

beforeAll(async () => {
  bench = await contractBench();
  await bench.station16("CP001", {
    RemoteStartTransaction: heard("RemoteStartTransaction", { status: "Accepted" } as const),
    RemoteStopTransaction: heard("RemoteStopTransaction", { status: "Accepted" } as const),
    Reset: heard("Reset", { status: "Rejected" } as const),
    UnlockConnector: heard("UnlockConnector", { status: "Unlocked" } as const),
    GetConfiguration: heard("GetConfiguration", {
      configurationKey: [{ key: "A", readonly: false, value: "1" }],
      unknownKey: ["B"],
    }),
    ChangeConfiguration: heard("ChangeConfiguration", { status: "RebootRequired" } as const),
    ClearCache: heard("ClearCache", { status: "Accepted" } as const),
    TriggerMessage: heard("TriggerMessage", { status: "Accepted" } as const),
    GetDiagnostics: heard("GetDiagnostics", { fileName: "log.txt" }),
  });
  await bench.station201("CP201", {
    RequestStartTransaction: heard("RequestStartTransaction", { status: "Accepted" } as const),
    RequestStopTransaction: heard("RequestStopTransaction", { status: "Accepted" } as const),
    Reset: heard("Reset", { status: "Scheduled" } as const),
    UnlockConnector: heard("UnlockConnector", { status: "UnlockFailed" } as const),
    TriggerMessage: heard("TriggerMessage", { status: "NotImplemented" } as const),
    SetVariables: heard("SetVariables", {
      setVariableResult: [
        {
          attributeStatus: "Accepted" as const,
          component: { name: "OCPPCommCtrlr" },
          variable: { name: "HeartbeatInterval" },
        },
      ],
    }),
  });
  await bench.csms.services.stations.add("AWAY", { registration: "Accepted" });
  await bench.csms.services.tokens.put("RFID123", { status: "Accepted" });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

/** The last thing that a station was sent. */
function last(): unknown {
  return sent.at(-1);
}

let startOf16 = 0;

/** Starts a transaction at a connector of CP001, and tells its number. */
async function begin(
  connectorId: number,
  identity = `S16-${(startOf16 += 1)}`,
): Promise<{ id: number; station: string }> {
  const peer = await bench.station16(identity, {
    RemoteStopTransaction: heard("RemoteStopTransaction", { status: "Accepted" } as const),
    UnlockConnector: heard("UnlockConnector", { status: "UnlockFailed" } as const),
    Reset: heard("Reset", { status: "Accepted" } as const),
    TriggerMessage: heard("TriggerMessage", { status: "Accepted" } as const),
  });
  const timestamp = new Date().toISOString();
  const { transactionId } = await peer.call("StartTransaction", {
    connectorId,
    idTag: "RFID123",
    meterStart: 1_000,
    timestamp,
  });
  return { id: transactionId, station: identity };
}

describe("GET /api/status", () => {
  it("tells the state of the CSMS", async () => {
    const { status, json } = await get("/api/status");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "running",
      databaseType: "sqlite",
      chargePointsConnected: bench.csms.services.connections.size,
      uptime: expect.stringMatching(/^(\d+h)?(\d+m)?\d+s$/),
      systemName: "ocpp-central",
    });
    const { chargePointsTotal, serverTime } = json as { chargePointsTotal: number; serverTime: string };
    expect(chargePointsTotal).toBeGreaterThanOrEqual(3);
    expect(Math.abs(Date.parse(serverTime) - Date.now())).toBeLessThan(10_000);
  });
});

describe("commands", () => {
  it.each([
    [
      "remote-start",
      { idTag: "RFID123", connectorId: 1 },
      ["RemoteStartTransaction", { connectorId: 1, idTag: "RFID123" }],
    ],
    ["unlock-connector", { connectorId: 2 }, ["UnlockConnector", { connectorId: 2 }]],
    [
      "change-configuration",
      { key: "HeartbeatInterval", value: "60" },
      ["ChangeConfiguration", { key: "HeartbeatInterval", value: "60" }],
    ],
    ["clear-cache", {}, ["ClearCache", {}]],
    [
      "trigger-message",
      { requestedMessage: "StatusNotification", connectorId: 1 },
      ["TriggerMessage", { requestedMessage: "StatusNotification", connectorId: 1 }],
    ],
    [
      "trigger-message",
      { requestedMessage: "DiagnosticsStatusNotification" },
      ["TriggerMessage", { requestedMessage: "DiagnosticsStatusNotification" }],
    ],
  ] as const)("%s with %j", async (name, body, message) => {
    const { status, json } = await command(name, body);
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, message: expect.stringMatching(/successful$/) });
    expect(last()).toEqual(message);
  });

  it("that a station refuses are a 200 all the same", async () => {
    const { status, json } = await command("reset", { type: "Soft" });
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: false, message: "Reset failed", status: "Rejected" });
    expect(last()).toEqual(["Reset", { type: "Soft" }]);
  });

  it.each([
    [
      "remote-start",
      { idTag: "RFID123", connectorId: 2 },
      true,
      "RequestStartTransaction",
      { evseId: 2, idToken: { idToken: "RFID123", type: "ISO14443" } },
    ],
    ["reset", { type: "Hard" }, true, "Reset", { type: "Immediate" }],
    ["unlock-connector", { connectorId: 2 }, false, "UnlockConnector", { evseId: 2, connectorId: 1 }],
    ["unlock-connector", { evseId: 2, connectorId: 3 }, false, "UnlockConnector", { evseId: 2, connectorId: 3 }],
    [
      "trigger-message",
      { requestedMessage: "DiagnosticsStatusNotification" },
      false,
      "TriggerMessage",
      { requestedMessage: "LogStatusNotification" },
    ],
    [
      "trigger-message",
      { requestedMessage: "MeterValues", connectorId: 1 },
      false,
      "TriggerMessage",
      { evse: { id: 1 } },
    ],
    [
      "change-configuration",
      { key: "OCPPCommCtrlr.HeartbeatInterval", value: "60" },
      true,
      "SetVariables",
      { setVariableData: [{ attributeValue: "60" }] },
    ],
  ])("%s with %j, of a 2.0.1 station", async (name, body, success, action, payload) => {
    const { status, json } = await command(name, { chargePointId: "CP201", ...body });
    expect(status).toBe(200);
    expect(json).toMatchObject({ success });
    expect(last()).toMatchObject([action, payload]);
  });

  it("read the configuration, and give the station's answer as it came", async () => {
    const answer = { configurationKey: [{ key: "A", readonly: false, value: "1" }], unknownKey: ["B"] };
    expect((await get("/api/commands/get-configuration?chargePointId=CP001&keys=A,B")).json).toEqual(answer);
    expect(last()).toEqual(["GetConfiguration", { key: ["A", "B"] }]);
    expect((await command("get-configuration", { keys: ["A"] })).json).toEqual(answer);
    expect(last()).toEqual(["GetConfiguration", { key: ["A"] }]);
    await command("get-configuration", {});
    expect(last()).toEqual(["GetConfiguration", {}]);
    expect((await get("/api/commands/get-configuration")).status).toBe(400);
  });

  it("send any action", async () => {
    const payload = { location: "ftp://example.com/diagnostics", retries: 3 };
    const { json } = await command("generic", { action: "GetDiagnostics", payload });
    expect(json).toMatchObject({ success: true, message: expect.any(String), result: { fileName: "log.txt" } });
    expect(last()).toEqual(["GetDiagnostics", payload]);
    expect((await command("generic", { action: "ClearCache" })).status).toBe(200);
    expect((await command("generic", { action: "Nothing", payload: {} })).status).toBe(400);
    expect((await command("generic", { action: "GetLocalListVersion" })).json).toMatchObject({
      status: 502,
      code: "NotSupported",
    });
  });

  it.each([
    ["remote-start", {}, "idTag"],
    ["remote-start", { idTag: "" }, "idTag"],
    ["remote-stop", {}, "transactionId"],
    ["reset", {}, "type"],
    ["reset", { type: "soft" }, "type"],
    ["unlock-connector", {}, "connectorId"],
    ["unlock-connector", { connectorId: 0 }, "connectorId"],
    ["unlock-connector", { connectorId: "1" }, "connectorId"],
    ["change-configuration", { key: "A" }, "value"],
    ["change-configuration", { value: "A" }, "key"],
    ["trigger-message", { requestedMessage: "LogStatusNotification" }, "requestedMessage"],
    ["generic", { payload: {} }, "action"],
    ["force-stop", {}, "connectorId"],
    ["clear-cache", { chargePointId: "" }, "chargePointId"],
    ["clear-cache", { station: "CP001" }, "station"],
    ["get-configuration", { keys: "A" }, "keys"],
  ])("%s with %j is a 400 that names %s", async (name, body, field) => {
    const { status, json } = await command(name, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ in: "body", field }] });
  });

  it("of stations that are away or unknown fail", async () => {
    const body = { type: "Soft" };
    expect((await command("reset", { ...body, chargePointId: "NOBODY" })).status).toBe(404);
    expect((await command("reset", { ...body, chargePointId: "AWAY" })).json).toMatchObject({
      status: 409,
      code: "NotConnected",
    });
    expect((await command("force-stop", { connectorId: 1, chargePointId: "AWAY" })).json).toMatchObject({
      status: 409,
      code: "NotConnected",
    });
    expect((await command("force-stop", { connectorId: 1, chargePointId: "NOBODY" })).status).toBe(404);
  });

  it.each([
    "remote-start",
    "remote-stop",
    "reset",
    "unlock-connector",
    "change-configuration",
    "clear-cache",
    "trigger-message",
    "generic",
    "force-stop",
  ])("%s is given with POST only", async (name) => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const { status, headers } = await bench.ask(method, `/api/commands/${name}`);
      expect(status).toBe(405);
      expect(headers.get("allow")).toContain("POST");
    }
  });
});

describe("remote-stop", () => {
  it("finds the transaction by its number or its connector, and marks the reason", async () => {
    const one = await begin(1);
    const by = await post("/api/commands/remote-stop", { chargePointId: one.station, transactionId: one.id });
    expect(by.json).toMatchObject({ success: true, transactionId: one.id });
    expect(last()).toEqual(["RemoteStopTransaction", { transactionId: one.id }]);
    const open = await bench.csms.services.transactions.find(String(one.id), one.station);
    expect(open).toMatchObject({ complete: 0, requested_stop_reason: "Remote" });

    const two = await begin(2);
    const at = await post("/api/commands/remote-stop", {
      chargePointId: two.station,
      connectorId: 2,
      reason: "Completed",
    });
    expect(at.json).toMatchObject({ success: true, transactionId: two.id });
    expect(await bench.csms.services.transactions.find(String(two.id), two.station)).toMatchObject({
      requested_stop_reason: "Remote: Completed",
    });
    await expect
      .poll(async () => (await get(`/api/logs?chargePointId=${two.station}&level=INFO`)).text)
      .toContain("Remote stop of transaction");
  });

  it("finds no transaction where none runs", async () => {
    const { station } = await begin(1);
    expect((await post("/api/commands/remote-stop", { chargePointId: station, connectorId: 2 })).status).toBe(404);
    expect((await post("/api/commands/remote-stop", { chargePointId: station, transactionId: 999_999 })).status).toBe(
      404,
    );
    expect((await post("/api/commands/remote-stop", { chargePointId: station, transactionId: 1e300 })).status).toBe(
      404,
    );
  });

  it("stops a 2.0.1 transaction by its text", async () => {
    const peer = await bench.station201("T201", {
      RequestStopTransaction: heard("RequestStopTransaction", { status: "Accepted" } as const),
    });
    await peer.call("TransactionEvent", {
      eventType: "Started",
      timestamp: new Date().toISOString(),
      triggerReason: "Authorized",
      seqNo: 0,
      transactionInfo: { transactionId: "tx-a" },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: "RFID123", type: "ISO14443" },
    });
    const { json } = await post("/api/commands/remote-stop", { chargePointId: "T201", transactionId: "tx-a" });
    expect(json).toMatchObject({ success: true, transactionId: "tx-a" });
    expect(last()).toEqual(["RequestStopTransaction", { transactionId: "tx-a" }]);
  });
});

describe("force-stop", () => {
  it("stops the transaction that runs, and needs no more where that is accepted", async () => {
    const { id, station } = await begin(1);
    sent.length = 0;
    const { json } = await post("/api/commands/force-stop", {
      chargePointId: station,
      connectorId: 1,
      reason: "stuck",
    });
    expect(json).toMatchObject({
      success: true,
      remoteStopResult: "Accepted",
      unlockSuccess: false,
      resetSuccess: false,
    });
    expect(sent.map(([action]) => action)).toEqual(["TriggerMessage", "RemoteStopTransaction", "UnlockConnector"]);
    expect(sent[1]).toEqual(["RemoteStopTransaction", { transactionId: id }]);
  });

  it("restarts the station where nothing else helps, and invents no transaction", async () => {
    const { station } = await begin(1);
    sent.length = 0;
    const { json } = await post("/api/commands/force-stop", { chargePointId: station, connectorId: 2 });
    expect(json).toMatchObject({
      success: true,
      remoteStopResult: "NoTransaction",
      unlockSuccess: false,
      resetSuccess: true,
    });
    expect(sent.map(([action]) => action)).toEqual(["TriggerMessage", "UnlockConnector", "Reset"]);
  });

  it("says so where the station does none of it", async () => {
    await bench.station16("STUBBORN");
    const { status, json } = await post("/api/commands/force-stop", { chargePointId: "STUBBORN", connectorId: 1 });
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: false, message: "Force stop failed", resetSuccess: false });
  });
});

describe("close-transaction", () => {
  const close = (body: object): Promise<Answer> => post("/api/admin/close-transaction", body);

  it("ends a transaction with the energy that it is given", async () => {
    const { id, station } = await begin(1);
    const { status, json } = await close({ transactionId: id, finalEnergy: 10.5, reason: "Administrative" });
    expect(status).toBe(200);
    expect(json).toEqual({ success: true, message: expect.any(String), transactionId: id, energyDelivered: 10.5 });
    expect(await bench.csms.services.transactions.find(String(id), station)).toMatchObject({
      complete: 1,
      provisional: 1,
      meter_stop: 11_500,
      stop_reason: "Administrative",
    });
    await expect
      .poll(async () => (await get(`/api/logs?chargePointId=${station}&level=WARNING`)).json)
      .toMatchObject([{ level: "WARNING", source: "Admin" }]);
    expect((await close({ transactionId: id })).status).toBe(400);
  });

  it("takes what is known of the meter where no energy is given", async () => {
    const { id, station } = await begin(1);
    const { json } = await close({ transactionId: id, chargePointId: station });
    expect(json).toMatchObject({ transactionId: id, energyDelivered: 0 });
    expect(await bench.csms.services.transactions.find(String(id), station)).toMatchObject({
      stop_reason: "AdminClosed",
    });
  });

  it("refuses what is missing or wrong", async () => {
    expect((await close({})).json).toMatchObject({ status: 400, errors: [{ field: "transactionId" }] });
    expect((await close({ transactionId: 999_999 })).status).toBe(404);
    expect((await close({ transactionId: 1, finalEnergy: -1 })).status).toBe(400);
    expect((await close({ transactionId: 1, finalEnergy: "10" })).status).toBe(400);
    expect((await bench.ask("GET", "/api/admin/close-transaction")).status).toBe(405);
  });
});
