import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { choice, parameters } from "../shared/schema.ts";
import type { Store } from "../store/store.ts";
import type { LogRow } from "../store/tables/observability.ts";
import { type TestApi, testApi } from "./api.fixture.ts";
import { type PageOrder, pageParameters } from "./page.ts";
import type { Resource } from "./resource.ts";
import { type Condition, scanPage } from "./scan-page.ts";

const order: PageOrder = {
  sorts: { id: { column: "id" }, at: { column: "at" }, station: { column: "station_id", text: true, empty: "" } },
  sort: "id",
  order: "desc",
  id: "id",
};

const lines: Resource = (app, { store }) => {
  app.get(
    "/lines",
    {
      config: { role: "viewer" },
      schema: { querystring: parameters({ ...pageParameters(order), level: choice("A level.", ["INFO", "ERROR"]) }) },
    },
    (request, reply) => {
      const { level } = request.query;
      const rest: Condition<"logs">[] = level === undefined ? [] : [(where) => where("level", "=", level)];
      return scanPage(request, reply, store, { table: "logs", pages: order, lead: [], rest });
    },
  );
};

let api: TestApi;

beforeAll(async () => {
  api = await testApi([lines]);
});

afterAll(async () => {
  await api.close();
});

type Line = Pick<LogRow, "at" | "station_id">;

async function fill(store: Store, rows: readonly Line[]): Promise<LogRow[]> {
  const all = rows.map(
    (row, index): LogRow => ({ ...row, id: index + 1, level: "INFO", source: "API", message: "a line" }),
  );
  await store.write(store.reader.deleteFrom("logs"), ...all.map((row) => store.reader.insertInto("logs").values(row)));
  return all;
}

async function read(url: string): Promise<{ rows: LogRow[]; next: string | undefined; first: string | undefined }> {
  const response = await api.fastify.inject(url);
  expect(response.statusCode, response.body).toBe(200);
  const link = String(response.headers["link"]);
  return {
    rows: response.json<LogRow[]>(),
    next: /<([^>]+)>; rel="next"/.exec(link)?.[1],
    first: /<([^>]+)>; rel="first"/.exec(link)?.[1],
  };
}

it("goes through all rows once, in their order, whatever they hold and however long the pages are", async () => {
  const line = fc.record({
    at: fc.integer({ min: 0, max: 5 }),
    station_id: fc.constantFrom(null, "A", "B", "b", "ü", "C,D"),
  });
  const sorted = fc.constantFrom("id", "at", "station");
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      sorted,
      fc.constantFrom("asc", "desc"),
      fc.integer({ min: 1, max: 12 }),
      async (rows, sort, direction, limit) => {
        const all = await fill(api.store, rows);
        const key = (row: LogRow): string | number =>
          sort === "id" ? row.id : sort === "at" ? row.at : (row.station_id ?? "");
        const up = (a: LogRow, b: LogRow): number => {
          if (key(a) === key(b)) return a.id - b.id;
          // Texts in the order of their bytes, as SQLite compares them.
          return typeof key(a) === "number"
            ? Number(key(a)) - Number(key(b))
            : Buffer.compare(Buffer.from(String(key(a))), Buffer.from(String(key(b))));
        };
        const expected = all.sort((a, b) => (direction === "asc" ? up(a, b) : up(b, a)));
        const found: LogRow[] = [];
        let url: string | undefined = `/lines?sort=${sort}&order=${direction}&limit=${limit}&level=INFO`;
        while (url !== undefined) {
          const { rows: part, next }: { rows: LogRow[]; next: string | undefined } = await read(url);
          expect(part.length).toBeLessThanOrEqual(limit);
          found.push(...part);
          url = next;
        }
        expect(found).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

it("tells of the first page, and of none after the last", async () => {
  await fill(
    api.store,
    [1, 2, 3].map((at) => ({ at, station_id: null })),
  );
  const { next, first } = await read("/lines?limit=2&level=INFO");
  expect(first).toBe("/lines?limit=2&level=INFO");
  expect(next).toMatch(/^\/lines\?limit=2&level=INFO&cursor=[\w-]+$/);
  const last = await read(next ?? "");
  expect(last.rows.map(({ id }) => id)).toEqual([1]);
  expect(last.next).toBeUndefined();
});

it("skips nothing and repeats nothing when rows come in between", async () => {
  await fill(
    api.store,
    [1, 2, 3, 4].map((at) => ({ at, station_id: null })),
  );
  const { next } = await read("/lines?limit=2");
  await api.store.write(
    api.store.reader
      .insertInto("logs")
      .values({ id: 9, at: 9, station_id: null, level: "INFO", source: "API", message: "new" }),
  );
  expect((await read(next ?? "")).rows.map(({ id }) => id)).toEqual([2, 1]);
});

it.each([
  ["limit", "limit=0"],
  ["limit", "limit=1001"],
  ["limit", "limit=ten"],
  ["sort", "sort=message"],
  ["sort", "sort=constructor"],
  ["order", "order=up"],
  ["cursor", "cursor=x"],
  ["cursor", "cursor="],
  ["cursor", `cursor=${Buffer.from("[]").toString("base64url")}`],
  ["cursor", `cursor=${Buffer.from('["at","desc",1,2]').toString("base64url")}`],
  ["cursor", `cursor=${Buffer.from('["id","desc",{"a":1},2]').toString("base64url")}`],
  ["cursor", `cursor=${Buffer.from('["id","desc",1e400,2]').toString("base64url")}`],
  ["cursor", `sort=station&cursor=${Buffer.from('["station","desc",1,2]').toString("base64url")}`],
])("refuses a wrong %s: %s", async (field, query) => {
  const response = await api.fastify.inject(`/lines?${query}`);
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ errors: [{ in: "query", field }] });
});
