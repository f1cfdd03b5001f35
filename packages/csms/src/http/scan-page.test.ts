import { systemClock } from "@ocpp/core";
import * as fc from "fast-check";
import type { FastifyReply } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import type { LogRow } from "../store/tables/observability.ts";
import type { PageOrder } from "./page.ts";
import { type Condition, during, holds, type Scan, scanPage } from "./scan-page.ts";

const byId: PageOrder = { sorts: { id: { column: "id" }, at: { column: "at" } }, sort: "id", order: "desc", id: "id" };

interface Page {
  readonly ids: number[];
  readonly next: string | undefined;
}

/** Asks for one page as a request would. */
async function ask(store: Store, scan: Scan<"logs">, url: string): Promise<Page> {
  const { searchParams } = new URL(url, "http://localhost");
  const cursor = searchParams.get("cursor");
  const query = {
    limit: Number(searchParams.get("limit") ?? 100),
    sort: searchParams.get("sort") ?? scan.pages.sort,
    order: (searchParams.get("order") ?? scan.pages.order) === "asc" ? ("asc" as const) : ("desc" as const),
    ...(cursor === null ? {} : { cursor }),
  };
  let link = "";
  const reply = { header: (_name: string, value: string) => (link = value) };
  // Large answers are what `sendPage` needs, and not this.
  const request = { url, query, server: undefined as never };
  const rows = await scanPage(request, reply as unknown as FastifyReply, store, scan);
  return { ids: rows.map(({ id }) => id), next: /<([^>]+)>; rel="next"/.exec(link)?.[1] };
}

async function all(store: Store, scan: Scan<"logs">, first: string): Promise<{ ids: number[]; pages: number }> {
  const ids: number[] = [];
  let pages = 0;
  for (let url: string | undefined = first; url !== undefined; pages++) {
    const page: Page = await ask(store, scan, url);
    ids.push(...page.ids);
    url = page.next;
  }
  return { ids, pages };
}

async function fill(store: Store, rows: readonly LogRow[]): Promise<void> {
  await store.write(...rows.map((row) => store.reader.insertInto("logs").values(row)));
}

function line(id: number, { at = id, level = "INFO", message = "m" }: Partial<LogRow> = {}): LogRow {
  return { id, station_id: "CP1", at, level, source: "System", message };
}

for (const database of databases) {
  describe(`a page of a scan on ${database.name}`, () => {
    afterEach(() => database.remove());

    it("makes pages that together are the whole list, each row once, whatever fits, whatever the limit and budget", async () => {
      const store = await database.open();
      const levels = ["INFO", "ERROR"] as const;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ at: fc.nat(5), level: fc.constantFrom(...levels) }), { maxLength: 40 }),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 12 }),
          fc.constantFrom("id", "at"),
          fc.constantFrom("asc" as const, "desc" as const),
          fc.boolean(),
          async (made, limit, budget, sort, order, narrowed) => {
            await store.write(store.reader.deleteFrom("logs"));
            const rows = made.map(({ at, level }, index) => line(index + 1, { at, level }));
            await fill(store, rows);
            const rest: Condition<"logs">[] = narrowed ? [(where) => where("level", "=", "ERROR")] : [];
            const scan: Scan<"logs"> = { table: "logs", pages: byId, lead: [], rest, budget };
            const { ids } = await all(store, scan, `/x?limit=${limit}&sort=${sort}&order=${order}`);
            const sign = order === "asc" ? 1 : -1;
            const expected = rows
              .filter(({ level }) => !narrowed || level === "ERROR")
              .sort((one, other) => sign * ((sort === "at" ? one.at - other.at : 0) || one.id - other.id))
              .map(({ id }) => id);
            expect(ids).toEqual(expected);
          },
        ),
        { numRuns: 40 },
      );
    });

    it("tries no more rows than its budget, and says where to go on", async () => {
      const store = await database.open();
      await fill(
        store,
        Array.from({ length: 25 }, (_, index) => line(index + 1, { level: index === 0 ? "ERROR" : "INFO" })),
      );
      const rest: Condition<"logs">[] = [(where) => where("level", "=", "ERROR")];
      const scan: Scan<"logs"> = { table: "logs", pages: byId, lead: [], rest, budget: 10 };
      const first = await ask(store, scan, "/x?limit=5");
      expect(first.ids).toEqual([]);
      expect(first.next).toBeDefined();
      expect(await all(store, scan, "/x?limit=5")).toEqual({ ids: [1], pages: 3 });
    });

    it("is not shifted by rows that come in between", async () => {
      const store = await database.open();
      await fill(
        store,
        [1, 2, 3, 4].map((id) => line(id)),
      );
      const scan: Scan<"logs"> = { table: "logs", pages: byId, lead: [], rest: [] };
      const first = await ask(store, scan, "/x?limit=2");
      await fill(
        store,
        [5, 6].map((id) => line(id)),
      );
      const second = await ask(store, scan, first.next ?? "");
      expect([first.ids, second.ids]).toEqual([
        [4, 3],
        [2, 1],
      ]);
    });

    it("finds text as it is, in any case, with nothing read as a pattern", async () => {
      const store = await database.open();
      await fill(store, [
        line(1, { message: "100% of \\ CP_1" }),
        line(2, { message: "1000 of cpx1" }),
        line(3, { message: "it's'; drop table logs; --" }),
      ]);
      const found = async (text: string): Promise<number[]> =>
        (await ask(store, { table: "logs", pages: byId, lead: [], rest: [holds("message", text)] }, "/x")).ids;
      expect(await found("cp_1")).toEqual([1]);
      expect(await found("0%")).toEqual([1]);
      expect(await found("\\")).toEqual([1]);
      expect(await found("OF CP")).toEqual([2]);
      expect(await found("'; DROP TABLE")).toEqual([3]);
    });

    it("finds what happened within a stretch of time by ids that are made of the time", async () => {
      let time = 0;
      const store = await database.open({ clock: { ...systemClock, now: () => time } });
      const start = Date.UTC(2026, 0, 1);
      for (let hour = 0; hour < 5; hour++) {
        time = start + hour * 3_600_000;
        await fill(store, [line(store.nextId(), { at: time, message: String(hour) })]);
      }
      const window = during<"logs">({ since: "2026-01-01T01:00:00Z", until: "2026-01-01T03:00:00Z" });
      const rows = await store.reader.selectFrom("logs").selectAll().orderBy("id").execute();
      const { ids } = await ask(store, { table: "logs", pages: byId, ...window }, "/x?order=asc");
      expect(ids).toEqual([rows[1]?.id, rows[2]?.id]);
    });

    it("refuses a cursor of another sort, and what is none", async () => {
      const store = await database.open();
      const scan: Scan<"logs"> = { table: "logs", pages: byId, lead: [], rest: [] };
      const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
      for (const wrong of [
        cursor(["at", "desc", 1, 1]),
        cursor(["id", "desc", "1", 1]),
        cursor(["id", "desc", 1.5, 1]),
        cursor({}),
        "%",
      ]) {
        await expect(ask(store, scan, `/x?cursor=${wrong}`), wrong).rejects.toThrow("cursor");
      }
    });
  });
}
