import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type TestApi, testApi } from "../../../http/api.fixture.ts";
import type { MeterValueRow, TransactionRow } from "../../../store/tables/transactions.ts";
import { reading, session } from "./reports.fixture.ts";
import { reportsResource } from "./reports.ts";

let api: TestApi;

interface Report {
  readonly energy: number;
  readonly ended: number;
  readonly running: number;
  readonly transactions: readonly {
    readonly transactionId: string;
    readonly energy: number;
    readonly counted: boolean;
    readonly [field: string]: unknown;
  }[];
}

async function start(): Promise<void> {
  api = await testApi([reportsResource]);
}

afterEach(() => api.close());

const at = (text: string): number => Date.parse(text);

async function keep(sessions: readonly TransactionRow[], readings: readonly MeterValueRow[] = []): Promise<void> {
  const { store } = api;
  await store.write(
    ...sessions.map((row) => store.reader.insertInto("transactions").values(row)),
    ...readings.map((row) => store.reader.insertInto("meter_values").values(row)),
  );
}

async function report(startDate: string, endDate: string, more = ""): Promise<Report> {
  const response = await api.fastify.inject(`/api/v1/reports/energy?startDate=${startDate}&endDate=${endDate}${more}`);
  expect(response.statusCode).toBe(200);
  return response.json<Report>();
}

describe("the energy report", () => {
  it("has the sessions of the period and their sums, under the name of a file", async () => {
    await start();
    await keep([
      session(1, {
        started_at: at("2026-01-10T10:00:00Z"),
        stopped_at: at("2026-01-10T11:00:00Z"),
        meter_start: 500,
        meter_stop: 3000,
      }),
      session(2, {
        started_at: at("2026-01-11T10:00:00Z"),
        transaction_id: "tx-2",
        number: null,
        protocol: "ocpp2.0.1",
      }),
      session(3, { started_at: at("2026-02-01T00:00:00Z"), stopped_at: at("2026-02-01T01:00:00Z"), meter_stop: 1000 }),
    ]);
    const response = await api.fastify.inject("/api/v1/reports/energy?startDate=2026-01-01&endDate=2026-01-31");
    expect(response.headers["content-disposition"]).toBe(
      "attachment; filename=energy-report-2026-01-01-to-2026-01-31.json",
    );
    expect(response.headers["content-type"]).toMatch(/^application\/json/);
    expect(response.json()).toEqual({
      startDate: "2026-01-01",
      endDate: "2026-01-31",
      timeZone: "UTC",
      energy: 2500,
      ended: 1,
      running: 1,
      transactions: [
        {
          stationId: "CP1",
          transactionId: "1",
          startedAt: "2026-01-10T10:00:00.000Z",
          stoppedAt: "2026-01-10T11:00:00.000Z",
          idToken: "TAG1",
          energy: 2500,
          energyTotal: 2500,
          complete: true,
          counted: true,
        },
        expect.objectContaining({ transactionId: "tx-2", stoppedAt: null, complete: false, energy: 0 }),
      ],
    });
  });

  it("divides a session over the days by its readings, and by time where it has none", async () => {
    await start();
    const night = {
      started_at: at("2026-01-10T20:00:00Z"),
      stopped_at: at("2026-01-11T04:00:00Z"),
      meter_start: 0,
      meter_stop: 8000,
    };
    await keep([session(1, night), session(2, night)], [reading(1, 2, at("2026-01-11T00:00:00Z"), 6000)]);
    const shares = async (day: string): Promise<unknown> =>
      (await report(day, day)).transactions.map(({ energy, counted }) => [energy, counted]);
    expect(await shares("2026-01-10")).toEqual([
      [4000, false],
      [6000, false],
    ]);
    expect(await shares("2026-01-11")).toEqual([
      [4000, true],
      [2000, true],
    ]);
    // In Tokyo both days are other hours.
    expect((await report("2026-01-11", "2026-01-11", "&timeZone=Asia/Tokyo")).energy).toBe(16_000);
  });

  it("has sessions that began before the window and run, or whose start is not known", async () => {
    await start();
    await keep(
      [
        session(1, { started_at: at("2025-12-31T12:00:00Z"), meter_start: 0, register: 5000 }),
        session(2, { started_at: null, start_received_at: at("2026-01-01T06:00:00Z"), meter_start: null }),
        session(3, { started_at: null, start_received_at: at("2026-01-02T06:00:00Z") }),
      ],
      [
        reading(1, 1, at("2026-01-01T00:00:00Z"), 3000),
        reading(2, 1, at("2026-01-01T12:00:00Z"), 5000),
        reading(3, 2, at("2026-01-01T08:00:00Z"), 100_000),
        reading(4, 2, at("2026-01-01T09:00:00Z"), 101_000),
      ],
    );
    const { transactions, energy, running } = await report("2026-01-01", "2026-01-01");
    expect(transactions.map(({ transactionId, energy }) => [transactionId, energy])).toEqual([
      ["1", 2000],
      ["2", 1000],
    ]);
    expect([energy, running]).toEqual([3000, 1]);
  });

  it("counts every session once and all of its energy over windows that adjoin", async () => {
    await start();
    const day = 86_400_000;
    const first = at("2026-01-01T00:00:00Z");
    const span = fc.record({
      from: fc.integer({ min: 0, max: 6 * day }),
      length: fc.integer({ min: 0, max: 3 * day }),
      runs: fc.boolean(),
      energy: fc.integer({ min: 0, max: 50_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(span, { maxLength: 12 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
        async (spans, cuts) => {
          await api.store.write(
            api.store.reader.deleteFrom("transactions"),
            api.store.reader.deleteFrom("meter_values"),
          );
          const made = spans.map(({ from, length, runs, energy, share }, index) => ({
            row: session(index + 1, {
              started_at: first + from,
              stopped_at: runs ? null : first + from + length,
              meter_stop: runs ? null : energy,
              register: energy,
            }),
            reading: reading(
              index + 1,
              index + 1,
              first + from + Math.floor(length * share),
              Math.floor(energy * share),
            ),
          }));
          await keep(
            made.map(({ row }) => row),
            made.map((one) => one.reading),
          );
          const date = (index: number): string => new Date(first + index * day).toISOString().slice(0, 10);
          const bounds = [0, ...cuts.toSorted((one, other) => one - other), 10];
          const parts: Report[] = [];
          for (const [index, from] of bounds.slice(0, -1).entries())
            parts.push(await report(date(from), date((bounds[index + 1] ?? 0) - 1)));
          const whole = await report(date(0), date(9));
          const sum = (pick: (one: Report) => number): number => parts.reduce((total, one) => total + pick(one), 0);
          expect(sum(({ energy }) => Math.round(energy * 10))).toBe(Math.round(whole.energy * 10));
          expect(sum(({ ended }) => ended)).toBe(spans.filter(({ runs }) => !runs).length);
          expect(sum(({ running }) => running)).toBe(spans.filter(({ runs }) => runs).length);
          expect(whole.transactions).toHaveLength(spans.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is whole over many pages", async () => {
    await start();
    const { store } = api;
    // More than a page of sessions with the same times, so that only ids tell them apart.
    const rows = Array.from({ length: 1201 }, (_, index) =>
      session(index + 1, {
        started_at: at("2026-01-05T10:00:00Z"),
        stopped_at: at("2026-01-06T11:00:00Z"),
        meter_stop: 1000,
      }),
    );
    for (let from = 0; from < rows.length; from += 400) {
      await store.write(store.reader.insertInto("transactions").values(rows.slice(from, from + 400)));
    }
    const { transactions } = await report("2026-01-01", "2026-01-31");
    expect(new Set(transactions.map(({ transactionId }) => transactionId)).size).toBe(1201);
    expect(transactions).toHaveLength(1201);
    expect((await report("2026-01-06", "2026-01-06")).transactions).toHaveLength(1201);
  });

  it("is CSV on request, with texts that a spreadsheet does not run", async () => {
    await start();
    const times = { started_at: at("2026-01-10T10:00:00Z"), stopped_at: at("2026-01-10T11:00:00Z"), meter_stop: 1500 };
    await keep([
      session(1, { ...times, id_token: '=HYPERLINK("http://evil")', station_id: "+CP,1" }),
      session(2, { ...times, id_token: "-1\n@2", station_id: "CP2" }),
    ]);
    const query = "/api/v1/reports/energy?startDate=2026-01-01&endDate=2026-01-31";
    const response = await api.fastify.inject(`${query}&format=csv`);
    expect(response.headers["content-type"]).toMatch(/^text\/csv; charset=utf-8/);
    expect(response.headers["content-disposition"]).toBe(
      "attachment; filename=energy-report-2026-01-01-to-2026-01-31.csv",
    );
    expect(response.body).toBe(
      [
        "stationId,transactionId,startedAt,stoppedAt,idToken,energy,energyTotal,complete,counted",
        `"'+CP,1",1,2026-01-10T10:00:00.000Z,2026-01-10T11:00:00.000Z,"'=HYPERLINK(""http://evil"")",1500,1500,true,true`,
        `CP2,2,2026-01-10T10:00:00.000Z,2026-01-10T11:00:00.000Z,"'-1\n@2",1500,1500,true,true`,
        "",
      ].join("\r\n"),
    );
    const accepted = await api.fastify.inject({ url: query, headers: { accept: "text/csv" } });
    expect(accepted.body).toBe(response.body);
    const json = await api.fastify.inject({ url: query, headers: { accept: "text/csv, application/json" } });
    expect(json.headers["content-type"]).toMatch(/^application\/json/);
  });

  it.each([
    "startDate=2026-01-01",
    "startDate=2026-02-30&endDate=2026-03-01",
    "startDate=2026-03-02&endDate=2026-03-01",
    "startDate=2026-01-01&endDate=2026-01-01&timeZone=Mars",
  ])("refuses %s", async (query) => {
    await start();
    expect((await api.fastify.inject(`/api/v1/reports/energy?${query}`)).statusCode).toBe(400);
  });
});
