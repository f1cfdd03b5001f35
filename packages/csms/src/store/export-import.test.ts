import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { exportLines } from "./export-lines.ts";
import { importLines } from "./import-lines.ts";
import { counterRow, eventRow, meterValueRow, stationRow, transactionRow } from "./rows.fixture.ts";
import { databases, type TestDatabase } from "./store.fixture.ts";
import type { Store } from "./store.ts";
import { type Tables, tableDescriptions, tableNames } from "./tables/tables.ts";

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

async function fill(store: Store, texts: readonly string[], numbers: readonly number[]): Promise<void> {
  const { reader } = store;
  const writes = [
    reader.insertInto("stations").values(texts.map((text, index) => stationRow({ id: `CS-${index}`, note: text }))),
    reader.insertInto("events").values(texts.map((data) => eventRow(store, { data }))),
    reader
      .insertInto("transactions")
      .values(numbers.map((meter_start) => transactionRow(store, { meter_start, started_at: 2 ** 41 }))),
    reader.insertInto("meter_values").values(meterValueRow(store, { register: numbers[0] ?? null })),
    reader.insertInto("connectors").values(
      [1, 2].flatMap((evse_id) =>
        [1, 2].map((connector_id) => ({
          station_id: "CS-1",
          evse_id,
          connector_id,
          status: "Available",
          error_code: null,
          info: null,
          vendor_id: null,
          vendor_error_code: null,
          status_time: null,
          concluded: 0,
          updated_at: 1,
        })),
      ),
    ),
    reader.insertInto("counters").values(counterRow("transaction", 50)),
  ];
  await store.write(...writes);
}

const pairs: readonly (readonly [TestDatabase, TestDatabase])[] = databases.flatMap((from) =>
  databases.map((to) => [from, to] as const),
);

afterEach(async () => {
  for (const database of databases) await database.remove();
});

describe.each(pairs)("an export", (from, to) => {
  it(`of ${from.name} is the same after an import into ${to.name}`, async () => {
    // PostgreSQL has no place for the character 0.
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((value) => value.replaceAll("\u0000", ""));
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 10 }), numbers, async (texts, values) => {
        const source = await from.open();
        // JSON knows no negative zero.
        await fill(
          source,
          texts,
          values.map((value) => value + 0),
        );
        const lines = await collect(exportLines(source));
        await from.remove();
        const target = await to.open();
        const { rows, added } = await importLines(target, lines);
        expect(rows).toBe(lines.length - 2);
        expect(added).toBe(rows);
        expect(await collect(exportLines(target))).toEqual(lines);
        await to.remove();
      }),
      { numRuns: 4 },
    );
  });
});

for (const database of databases) {
  describe(`export and import on ${database.name}`, () => {
    const lines = (...rows: readonly unknown[]): string[] => [
      JSON.stringify({ format: 1, product: "ocpp-csms", schema: "0001-initial", tables: [] }),
      ...rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))),
    ];

    it("pages through large tables and keys of several columns", async () => {
      const store = await database.open();
      const rows = Array.from({ length: 2_500 }, (_, index) => counterRow(`n${index}`, index));
      for (let at = 0; at < rows.length; at += 500) {
        await store.write(store.reader.insertInto("counters").values(rows.slice(at, at + 500)));
      }
      const progress: number[] = [];
      const all = await collect(
        exportLines(store, { tables: ["counters"], onProgress: (_table, count) => progress.push(count) }),
      );
      expect(progress).toEqual([1_000, 2_000, 2_500]);
      expect(new Set(all).size).toBe(2_502);
      expect(JSON.parse(all.at(-1) ?? "")).toEqual({ end: true, rows: 2_500 });
    });

    it("shows one moment", async (context) => {
      if (!(await database.isServer())) context.skip("PGlite has one session");
      const store = await database.open();
      await fill(store, ["a"], [1]);
      const iterator = exportLines(store)[Symbol.asyncIterator]();
      await iterator.next();
      const first = await iterator.next();
      await store.write(store.reader.deleteFrom("events"), store.reader.deleteFrom("stations"));
      const rest = await collect({ [Symbol.asyncIterator]: () => iterator });
      expect(first.value).toContain("counters");
      expect(rest.filter((line) => line.startsWith('["stations"') || line.startsWith('["events"'))).toHaveLength(2);
    });

    it("refuses a database that is not empty, unless it is told to merge", async () => {
      const store = await database.open();
      await fill(store, ["a"], [1]);
      const exported = await collect(exportLines(store));
      await store.write(
        store.reader.deleteFrom("events"),
        store.reader.updateTable("stations").set({ note: "changed" }),
        store.reader.updateTable("counters").set({ value: 20 }),
      );
      await expect(importLines(store, exported)).rejects.toThrow(/not empty/);
      const { added } = await importLines(store, exported, { merge: true });
      expect(added).toBe(2);
      const stations = await store.reader.selectFrom("stations").select("note").execute();
      expect(stations).toEqual([{ note: "changed" }]);
      expect(await store.reader.selectFrom("events").select("data").execute()).toEqual([{ data: "a" }]);
      expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("transaction", 50)]);
      await store.write(store.reader.updateTable("counters").set({ value: 90 }));
      await importLines(store, exported, { merge: true });
      expect(await store.reader.selectFrom("counters").selectAll().execute()).toEqual([counterRow("transaction", 90)]);
    });

    it("names the line that is wrong", async () => {
      const store = await database.open();
      const row = ["counters", { name: "a", value: 1 }];
      const end = { end: true, rows: 1 };
      const wrong: readonly (readonly [string[], RegExp])[] = [
        [["{}"], /Line 1 .*header/],
        [[JSON.stringify({ format: 2, product: "ocpp-csms" })], /Line 1 .*format 2/],
        [[JSON.stringify({ format: 1, product: "ocpp-csms", schema: "0099" })], /Line 1 .*newer/],
        [lines(row, "{"), /Line 3 .*JSON/],
        [lines(["nothing", {}]), /Line 2 .*table/],
        [lines(["schema_migrations", { name: "x" }]), /Line 2 .*table/],
        [lines(["counters", { name: "a", other: 1 }]), /Line 2 .*column/],
        [lines(["counters", { name: "a", value: [] }]), /Line 2 .*counters\.value/],
        [lines(["counters", 1]), /Line 2 .*row/],
        [lines({ end: false }), /Line 2 .*end/],
        [lines(end, row), /Line 3 .*after the end/],
        [lines(["counters", { name: null, value: 1 }], end), /Line 2 .*refused/],
        [lines(), /breaks off/],
        [lines({ ...end, rows: 7 }), /counts 7/],
      ];
      for (const [text, message] of wrong) await expect(importLines(store, text)).rejects.toThrow(message);
      expect(await importLines(store, [...lines(row), "", JSON.stringify(end)])).toEqual({ rows: 1, added: 1 });
    });

    it("has a backup that can be imported, where the backup is an export", async () => {
      if (database.kind !== "postgres") return;
      const folder = mkdtempSync(join(tmpdir(), "ocpp-csms-export-"));
      const file = join(folder, "backup.gz");
      const store = await database.open();
      await fill(store, ["a", "b"], [1, 2]);
      await store.backup(file);
      const text = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n");
      expect(text).toEqual((await collect(exportLines(store))).map((line) => line.trimEnd()));
      rmSync(folder, { recursive: true });
      expect(existsSync(file)).toBe(false);
    });

    it("knows all tables and their keys", async () => {
      const store = await database.open();
      const made = await store.reader.introspection.getTables();
      expect(
        made
          .map(({ name }) => name)
          .filter((name) => !name.startsWith("schema_"))
          .sort(),
      ).toEqual([...tableNames].sort());
      for (const { name, columns } of made) {
        for (const key of name in tableDescriptions ? tableDescriptions[name as keyof Tables].key : []) {
          expect(columns.find((column) => column.name === key)).toMatchObject({ isNullable: false });
        }
      }
    });
  });
}
