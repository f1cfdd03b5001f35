import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type ContractBench, contractBench } from "../../http/contract.fixture.ts";

/*
 * What go-ocpp-server lists and reports, replayed: each path with the parameters and exactly the fields that its README and
 * code have. Its clients find nothing that they do not know.
 */

let bench: ContractBench;
const get = (path: string): Promise<Answer> => bench.ask("GET", path);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
const number = expect.any(Number) as number;
/** The numbers of the transactions: the first has ended, the second runs. */
let ended: number;
let running: number;

beforeAll(async () => {
  bench = await contractBench();
  await bench.csms.services.tokens.put("RFID123", { status: "Accepted" });
  await bench.csms.services.stations.add("NEW", { registration: "Accepted" });
  const station = await bench.station16("CP001");
  await station.call("StatusNotification", { connectorId: 0, errorCode: "NoError", status: "Available" });
  await station.call("StatusNotification", { connectorId: 1, errorCode: "GroundFailure", status: "Faulted" });
  await station.call("StatusNotification", { connectorId: 2, errorCode: "NoError", status: "Preparing" });
  const start = async (connectorId: number, timestamp: string): Promise<number> =>
    (await station.call("StartTransaction", { connectorId, idTag: "RFID123", meterStart: 1_000, timestamp }))
      .transactionId;
  ended = await start(2, "2026-03-01T10:00:00Z");
  await station.call("StopTransaction", {
    transactionId: ended,
    meterStop: 3_500,
    timestamp: "2026-03-01T11:00:00Z",
    reason: "Local",
  });
  running = await start(2, "2026-03-02T10:00:00Z");
  await station.call("MeterValues", {
    connectorId: 2,
    transactionId: running,
    meterValue: [
      {
        timestamp: "2026-03-02T10:30:00Z",
        sampledValue: [{ value: "7400", measurand: "Power.Active.Import", unit: "W" }],
      },
    ],
  });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

const station = {
  id: "CP001",
  model: "Mono",
  vendor: "Acme",
  status: "Available",
  lastHeartbeat: null,
  lastBootNotification: time,
  heartbeatInterval: 60,
  isConnected: true,
  createdAt: time,
  updatedAt: time,
};
const connectors = [
  {
    id: number,
    chargePointId: "CP001",
    connectorId: 1,
    status: "Faulted",
    errorCode: "GroundFailure",
    updatedAt: time,
  },
  {
    id: number,
    chargePointId: "CP001",
    connectorId: 2,
    status: "Preparing",
    errorCode: "NoError",
    currentPower: 7_400,
    updatedAt: time,
  },
];
const transaction = {
  id: number,
  chargePointId: "CP001",
  connectorId: 2,
  idTag: "RFID123",
  meterStart: 1_000,
};

describe("GET /api/charge-points", () => {
  it("lists stations", async () => {
    const { status, json } = await get("/api/charge-points");
    expect(status).toBe(200);
    expect(json).toEqual([
      station,
      {
        ...station,
        id: "NEW",
        model: "",
        vendor: "",
        status: expect.any(String) as string,
        lastBootNotification: null,
        isConnected: false,
      },
    ]);
  });

  it("shows one with its connectors", async () => {
    expect((await get("/api/charge-points/CP001")).json).toEqual({ ...station, connectors });
    expect((await get("/api/charge-points/NOBODY")).status).toBe(404);
  });

  it("is for reading only; stations are entered by the native interface", async () => {
    expect((await bench.ask("POST", "/api/charge-points", { id: "CP002" })).status).toBe(405);
  });
});

describe("GET /api/connectors", () => {
  it("lists the connectors of a station", async () => {
    expect((await get("/api/connectors?chargePointId=CP001")).json).toEqual(connectors);
    expect((await get("/api/connectors?chargePointId=NOBODY")).json).toEqual([]);
    expect((await get("/api/connectors")).json).toMatchObject({ status: 400, errors: [{ field: "chargePointId" }] });
  });
});

describe("GET /api/transactions", () => {
  it("lists them, the newest first, in kWh and without what is not known", async () => {
    const { json } = await get("/api/transactions?chargePointId=CP001");
    expect(json).toEqual([
      {
        ...transaction,
        transactionId: running,
        startTimestamp: "2026-03-02T10:00:00.000Z",
        isComplete: false,
      },
      {
        ...transaction,
        transactionId: ended,
        startTimestamp: "2026-03-01T10:00:00.000Z",
        stopTimestamp: "2026-03-01T11:00:00.000Z",
        meterStop: 3_500,
        energyDelivered: 2.5,
        stopReason: "Local",
        isComplete: true,
      },
    ]);
  });

  it("is narrowed by isComplete and transactionId", async () => {
    expect((await get("/api/transactions?isComplete=true")).json).toMatchObject([{ transactionId: ended }]);
    expect((await get("/api/transactions?isComplete=false")).json).toMatchObject([{ transactionId: running }]);
    expect((await get(`/api/transactions?transactionId=${ended}`)).json).toMatchObject([{ transactionId: ended }]);
    expect((await get("/api/transactions?transactionId=999999")).status).toBe(404);
    expect((await get("/api/transactions?isComplete=maybe")).status).toBe(400);
  });
});

describe("GET /api/logs", () => {
  it("lists lines by station and level, and counts by limit and offset", async () => {
    bench.csms.services.systemLog.write("WARNING", "System", "100% of nothing", "CP001");
    await expect
      .poll(async () => (await get("/api/logs?chargePointId=CP001&level=WARNING")).json)
      .toEqual([
        {
          id: number,
          chargePointId: "CP001",
          timestamp: time,
          level: "WARNING",
          source: "System",
          message: "100% of nothing",
        },
      ]);
    const all = (await get("/api/logs")).json as object[];
    expect((await get("/api/logs?limit=1")).json).toEqual(all.slice(0, 1));
    expect((await get("/api/logs?limit=2&offset=1")).json).toEqual(all.slice(1, 3));
  });
});

describe("GET /api/reports/energy", () => {
  it("sums kWh, as a file", async () => {
    const { json, headers } = await get("/api/reports/energy?startDate=2026-03-01&endDate=2026-03-31");
    expect(headers.get("content-disposition")).toBe("attachment; filename=energy-report-2026-03-01-to-2026-03-31.json");
    expect(json).toMatchObject({
      startDate: "2026-03-01",
      endDate: "2026-03-31",
      totalEnergyDelivered: 2.5,
      completeTransactions: 1,
      incompleteTransactions: 1,
    });
    const { transactions } = json as { transactions: object[] };
    expect(transactions).toContainEqual({
      chargePointId: "CP001",
      transactionId: ended,
      startTimestamp: "2026-03-01T10:00:00.000Z",
      stopTimestamp: "2026-03-01T11:00:00.000Z",
      energyDelivered: 2.5,
      idTag: "RFID123",
      complete: true,
    });
    expect((await get("/api/reports/energy?startDate=2026-03-01")).status).toBe(400);
  });
});

describe("GET /api/raw-logs", () => {
  it("counts what it shows, and names directions as the CSMS sees them", async () => {
    await expect
      .poll(async () => (await get("/api/raw-logs?chargePointId=CP001&direction=RECV&action=MeterValues")).json)
      .toEqual({
        count: 1,
        logs: [
          {
            id: number,
            chargePointId: "CP001",
            timestamp: time,
            direction: "RECV",
            messageType: "Request",
            action: "MeterValues",
            messageId: expect.any(String) as string,
            message: expect.stringMatching(/^\[2,/) as string,
          },
        ],
      });
  });
});

describe("methods that are not served", () => {
  it.each([
    "/api/status",
    "/api/charge-points",
    "/api/connectors",
    "/api/transactions",
    "/api/logs",
    "/api/reports/energy",
    "/api/raw-logs",
  ])("are a 405 at %s", async (path) => {
    expect((await bench.ask("DELETE", path)).status).toBe(405);
  });
});
