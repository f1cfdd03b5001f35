import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";
import type { FrameRow } from "../../store/tables/observability.ts";
import { exchangesOf } from "./messages-exchange.ts";

interface Row {
  readonly id: number;
  readonly [field: string]: unknown;
}

let bench: ContractBench;
let transactionId: number;

async function rows(path: string): Promise<Row[]> {
  const { status, json } = await bench.ask("GET", path);
  expect(status, path).toBe(200);
  return json as Row[];
}

beforeAll(async () => {
  bench = await contractBench();
  await bench.ask("PUT", "/api/v1/tokens/TAG1", {});
  const station = await bench.station16("CP1", { Reset: () => ({ status: "Accepted" }) });
  const other = await bench.station201("CP2");
  await station.call("Heartbeat", {});
  ({ transactionId } = await station.call("StartTransaction", {
    connectorId: 1,
    idTag: "TAG1",
    meterStart: 0,
    timestamp: "2026-03-01T10:00:00Z",
  }));
  await station.call("StopTransaction", { transactionId, meterStop: 5, timestamp: "2026-03-01T11:00:00Z" });
  await other.call("SecurityEventNotification", {
    type: "FirmwareUpdated",
    timestamp: "2026-03-01T10:00:00Z",
    techInfo: "v2",
  });
  await other.call("SecurityEventNotification", { type: "InvalidMessages", timestamp: "2026-03-01T10:00:01Z" });
  await bench.ask("POST", "/api/commands/reset", { chargePointId: "CP1", type: "Soft" });
  const { systemLog } = bench.csms.services;
  systemLog.write("WARNING", "System", "100% of nothing", "CP1");
  systemLog.write("ERROR", "API", "100 of all", "CP2");
  // Lines and frames are kept with the next commit, for which nobody waits.
  await vi.waitFor(async () => {
    expect(await rows("/api/v1/logs?text=of all")).toHaveLength(1);
    expect(await rows("/api/v1/messages?action=Reset")).not.toEqual([]);
  });
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("the system log", () => {
  it("is narrowed by station and level", async () => {
    expect(await rows("/api/v1/logs?stationId=CP1&level=WARNING")).toEqual([
      {
        id: expect.any(Number) as number,
        stationId: "CP1",
        timestamp: expect.stringMatching(/Z$/) as string,
        level: "WARNING",
        source: "System",
        message: "100% of nothing",
      },
    ]);
  });

  it("is searched for text as it is", async () => {
    expect(await rows("/api/v1/logs?text=100%25")).toMatchObject([{ message: "100% of nothing" }]);
    expect(await rows("/api/v1/logs?text=100")).toHaveLength(2);
    expect(await rows("/api/v1/logs?text=OF ALL&level=ERROR&source=API")).toHaveLength(1);
    expect(await rows("/api/v1/logs?text=of&until=2020-01-01")).toEqual([]);
  });
});

describe("the message log", () => {
  it("is searched by station, action, direction, kind and text", async () => {
    expect(await rows("/api/v1/messages?stationId=CP1&action=Heartbeat&type=CALL")).toMatchObject([
      {
        stationId: "CP1",
        direction: "inbound",
        type: "CALL",
        action: "Heartbeat",
        frame: expect.stringMatching(/^\[2,/) as string,
      },
    ]);
    expect(await rows("/api/v1/messages?action=Reset&direction=outbound&type=CALL")).toHaveLength(1);
    expect(await rows("/api/v1/messages?text=TAG1&direction=inbound")).toMatchObject([{ action: "StartTransaction" }]);
    expect(await rows("/api/v1/messages?stationId=CP2&text=InvalidMessages")).toHaveLength(1);
    expect(await rows("/api/v1/messages?since=2100-01-01")).toEqual([]);
  });

  it("has each request with its answer", async () => {
    const [request] = await rows("/api/v1/messages?action=Reset&type=CALL");
    const { json } = await bench.ask("GET", `/api/v1/messages/${String(request?.["messageId"])}`);
    expect(json).toMatchObject({
      messageId: request?.["messageId"],
      exchanges: [
        {
          stationId: "CP1",
          request: { id: request?.id, direction: "outbound" },
          answer: { direction: "inbound", type: "CALLRESULT", frame: expect.stringContaining("Accepted") as string },
        },
      ],
    });
    expect((await bench.ask("GET", "/api/v1/messages/none")).status).toBe(404);
    expect((await bench.ask("GET", `/api/v1/messages/${String(request?.["messageId"])}?stationId=CP2`)).status).toBe(
      404,
    );
  });

  it("puts together what belongs together where stations use an id again", () => {
    const frame = (id: number, station_id: string, direction: FrameRow["direction"], type: number): FrameRow => ({
      id,
      station_id,
      at: id,
      direction,
      type,
      action: null,
      message_id: "1",
      body: "",
      length: null,
      digest: null,
    });
    const frames = [
      frame(1, "A", "inbound", 2),
      frame(2, "B", "inbound", 2),
      frame(3, "A", "outbound", 3),
      frame(4, "A", "inbound", 2),
      frame(5, "A", "outbound", 2),
      frame(6, "A", "outbound", 4),
      frame(7, "A", "inbound", 3),
      frame(8, "C", "inbound", 3),
    ];
    expect(exchangesOf(frames.toReversed()).map(({ request, answer }) => [request?.id, answer?.id])).toEqual([
      [undefined, 8],
      [5, 7],
      [4, 6],
      [2, undefined],
      [1, 3],
    ]);
  });
});

describe("the raw log, as go-ocpp-server has it", () => {
  it("counts what it shows, and names directions as the CSMS sees them", async () => {
    const { json } = await bench.ask("GET", "/api/raw-logs?chargePointId=CP1&action=Heartbeat&direction=RECV");
    expect(json).toEqual({
      count: 1,
      logs: [
        {
          id: expect.any(Number) as number,
          chargePointId: "CP1",
          timestamp: expect.stringMatching(/Z$/) as string,
          direction: "RECV",
          messageType: "Request",
          action: "Heartbeat",
          messageId: expect.any(String) as string,
          message: expect.stringMatching(/^\[2,".*","Heartbeat",\{\}\]$/) as string,
        },
      ],
    });
    const sent = (await bench.ask("GET", "/api/raw-logs?direction=SEND&action=Reset")).json as { count: number };
    expect(sent.count).toBe(1);
  });

  it("shows what a station said and heard while a transaction ran, the oldest first", async () => {
    const { json } = await bench.ask("GET", `/api/raw-logs?transactionId=${transactionId}`);
    const { logs } = json as { logs: { action?: string; messageType: string; chargePointId: string }[] };
    // The Heartbeat before it may have come within the same millisecond.
    const said = logs
      .filter(({ messageType, action }) => messageType === "Request" && action !== "Heartbeat")
      .map(({ action }) => action);
    expect(said.slice(0, 2)).toEqual(["StartTransaction", "StopTransaction"]);
    expect(logs.every(({ chargePointId }) => chargePointId === "CP1")).toBe(true);
    expect((await bench.ask("GET", "/api/raw-logs?transactionId=424242")).status).toBe(404);
  });

  it("has 50 at most unless asked for more", async () => {
    const station = await bench.station16("CP3");
    for (let count = 0; count < 30; count++) await station.call("Heartbeat", {});
    const of = async (query: string): Promise<number> =>
      ((await bench.ask("GET", `/api/raw-logs?${query}`)).json as { count: number }).count;
    await expect.poll(() => of("chargePointId=CP3&limit=1000")).toBeGreaterThanOrEqual(60);
    expect(await of("chargePointId=CP3")).toBe(50);
    expect(await of("chargePointId=CP3&limit=10&offset=55")).toBeGreaterThan(0);
  });
});

describe("security events", () => {
  it("are listed by station, type and whether they are critical", async () => {
    expect(await rows("/api/v1/security-events?stationId=CP2")).toMatchObject([
      { type: "InvalidMessages", techInfo: null },
      { type: "FirmwareUpdated", techInfo: "v2", timestamp: "2026-03-01T10:00:00Z" },
    ]);
    expect(await rows("/api/v1/security-events?type=FirmwareUpdated")).toHaveLength(1);
    const critical = await rows("/api/v1/security-events?critical=true");
    const rest = await rows("/api/v1/security-events?critical=false");
    expect(critical.length + rest.length).toBe(2);
    expect(await rows("/api/v1/security-events?stationId=CP1")).toEqual([]);
  });
});
