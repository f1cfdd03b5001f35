import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

interface Transaction {
  readonly id: number;
  readonly transactionId: string;
  readonly [field: string]: unknown;
}

let bench: ContractBench;
/** Those of CP16, in the order of their making: the first has ended, the second runs. */
let ended: Transaction;
let running: Transaction;
let second: Transaction;

async function listed(query = ""): Promise<Transaction[]> {
  const { status, json } = await bench.ask("GET", `/api/v1/transactions${query}`);
  expect(status).toBe(200);
  return json as Transaction[];
}

const ids = (rows: readonly Transaction[]): number[] => rows.map(({ id }) => id);

beforeAll(async () => {
  bench = await contractBench();
  for (const token of ["TAG1", "TAG2"]) await bench.ask("PUT", `/api/v1/tokens/${token}`, {});
  const old = await bench.station16("CP16");
  const { transactionId } = await old.call("StartTransaction", {
    connectorId: 1,
    idTag: "TAG1",
    meterStart: 1000,
    timestamp: "2026-03-01T10:00:00Z",
  });
  await old.call("MeterValues", {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: "2026-03-01T10:30:00Z", sampledValue: [{ value: "1500" }] }],
  });
  await old.call("StopTransaction", {
    transactionId,
    meterStop: 3500,
    timestamp: "2026-03-01T11:00:00Z",
    reason: "Local",
  });
  await old.call("StartTransaction", {
    connectorId: 2,
    idTag: "TAG2",
    meterStart: 0,
    timestamp: "2026-03-02T10:00:00Z",
  });
  const modern = await bench.station201("CP201");
  await modern.call("TransactionEvent", {
    eventType: "Started",
    timestamp: "2026-03-03T10:00:00Z",
    triggerReason: "Authorized",
    seqNo: 0,
    transactionInfo: { transactionId: "tx-one", chargingState: "Charging" },
    evse: { id: 2, connectorId: 1 },
    idToken: { idToken: "TAG1", type: "ISO14443" },
  });
  await modern.call("TransactionEvent", {
    eventType: "Updated",
    timestamp: "2026-03-03T10:10:00Z",
    triggerReason: "MeterValuePeriodic",
    seqNo: 3,
    transactionInfo: { transactionId: "tx-one" },
  });
  const all = await listed("?order=asc");
  [ended, running, second] = all as [Transaction, Transaction, Transaction];
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("the list of transactions", () => {
  it("has them in the words of 2.x, the newest first", async () => {
    expect(ids(await listed())).toEqual([second.id, running.id, ended.id]);
    expect(ended).toMatchObject({
      stationId: "CP16",
      evseId: 1,
      connectorId: 1,
      idToken: "TAG1",
      startedAt: "2026-03-01T10:00:00.000Z",
      stoppedAt: "2026-03-01T11:00:00.000Z",
      meterStart: 1000,
      meterStop: 3500,
      energy: 2500,
      stoppedReason: "Local",
      complete: true,
    });
    expect(running).toMatchObject({ idToken: "TAG2", complete: false, stoppedAt: null, meterStop: null });
  });

  it("names transactions of every version by a text", () => {
    expect([ended.transactionId, second.transactionId]).toEqual([expect.stringMatching(/^[0-9]+$/), "tx-one"]);
  });

  it.each([
    ["stationId=CP16", () => [running.id, ended.id]],
    ["complete=true", () => [ended.id]],
    ["complete=false", () => [second.id, running.id]],
    ["complete=false&stationId=CP201", () => [second.id]],
    ["idToken=TAG1", () => [second.id, ended.id]],
    ["evseId=2", () => [second.id, running.id]],
    ["protocol=ocpp1.6", () => [running.id, ended.id]],
    ["startedSince=2026-03-02&startedUntil=2026-03-03", () => [running.id]],
    ["stoppedUntil=2026-03-05", () => [ended.id]],
    ["sort=startedAt&order=asc", () => [ended.id, running.id, second.id]],
    ["sort=startedAt&startedSince=2026-03-02", () => [second.id, running.id]],
    ["sort=stoppedAt", () => [ended.id]],
    ["idToken=NOBODY", () => []],
  ])("narrows by %s", async (query, expected) => {
    expect(ids(await listed(`?${query}`))).toEqual(expected());
  });

  it("finds one by the station's name for it, in a list", async () => {
    expect(ids(await listed(`?transactionId=${ended.transactionId}`))).toEqual([ended.id]);
    expect(ids(await listed("?transactionId=tx-one"))).toEqual([second.id]);
    for (const query of ["999999", "99999999999", `${ended.transactionId}&stationId=CP201`, "tx-one&stationId=CP16"]) {
      expect((await bench.ask("GET", `/api/v1/transactions?transactionId=${query}`)).status, query).toBe(404);
    }
  });

  it.each([
    "complete=maybe",
    "limit=0",
    "limit=1001",
    "sort=meterStart",
    "startedSince=yesterday",
    "unknown=1",
    "cursor=x",
  ])("refuses %s with problem details", async (query) => {
    const { status, headers } = await bench.ask("GET", `/api/v1/transactions?${query}`);
    expect([status, headers.get("content-type")]).toEqual([400, expect.stringContaining("application/problem+json")]);
  });

  it("pages by Link until there is no next", async () => {
    const seen: number[] = [];
    let path: string | undefined = "/api/v1/transactions?limit=2";
    while (path !== undefined) {
      const { json, headers }: Awaited<ReturnType<typeof bench.ask>> = await bench.ask("GET", path);
      seen.push(...ids(json as Transaction[]));
      path = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    }
    expect(seen).toEqual([second.id, running.id, ended.id]);
  });
});

describe("one transaction", () => {
  it("tells what is missing of its messages", async () => {
    const { json } = await bench.ask("GET", `/api/v1/transactions/${second.id}`);
    expect(json).toMatchObject({
      transactionId: "tx-one",
      firstSeqNo: 0,
      lastSeqNo: 3,
      messageCount: 2,
      missingMessages: 2,
    });
    expect((await bench.ask("GET", "/api/v1/transactions/1")).status).toBe(404);
  });

  it("has its messages and meter values", async () => {
    const messages = (await bench.ask("GET", `/api/v1/transactions/${ended.id}/events`)).json;
    expect(messages).toMatchObject([
      { type: "Started", payload: { idTag: "TAG1" } },
      { type: "Ended", payload: { reason: "Local" } },
    ]);
    const values = (await bench.ask("GET", `/api/v1/transactions/${ended.id}/meter-values`)).json;
    expect(values).toContainEqual(
      expect.objectContaining({
        timestamp: "2026-03-01T10:30:00.000Z",
        register: 1500,
        sampledValue: [{ value: "1500" }],
      }),
    );
    for (const part of ["events", "meter-values"])
      expect((await bench.ask("GET", `/api/v1/transactions/1/${part}`)).status).toBe(404);
  });

  it("is ended by hand provisionally, once", async () => {
    const body = { complete: true, meterStop: 4200, reason: "Station was stolen" };
    const { status, json } = await bench.ask("PATCH", `/api/v1/transactions/${running.id}`, body);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      complete: true,
      provisional: true,
      meterStop: 4200,
      energy: 4200,
      stoppedReason: "Station was stolen",
    });
    expect((await bench.ask("PATCH", `/api/v1/transactions/${running.id}`, body)).status).toBe(409);
    expect((await bench.ask("PATCH", "/api/v1/transactions/1", body)).status).toBe(404);
    expect((await bench.ask("PATCH", `/api/v1/transactions/${second.id}`, { complete: false })).status).toBe(400);
    const line = expect.objectContaining({
      stationId: "CP16",
      message: expect.stringContaining("stolen") as string,
    }) as unknown;
    await expect
      .poll(async () => (await bench.ask("GET", "/api/v1/logs?source=Admin&level=WARNING")).json)
      .toContainEqual(line);
  });
});

describe("failed stops", () => {
  it("are kept with what the station sent", async () => {
    const peer = await bench.station16("CP17");
    await peer.call("StopTransaction", { transactionId: 987_654, meterStop: 10, timestamp: "2026-03-04T10:00:00Z" });
    const { json } = await bench.ask("GET", "/api/v1/failed-stops?stationId=CP17");
    expect(json).toMatchObject([{ stationId: "CP17", transactionId: "987654", payload: { meterStop: 10 } }]);
    expect((await bench.ask("GET", "/api/v1/failed-stops?stationId=CP16")).json).toEqual([]);
  });
});
