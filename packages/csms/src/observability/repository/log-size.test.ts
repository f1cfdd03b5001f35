import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { databases } from "../../store/store.fixture.ts";
import type { Store } from "../../store/store.ts";
import type { FrameRow } from "../../store/tables/observability.ts";
import { createLogSize, fairShare, type LogSize } from "./log-size.ts";

const start = Date.UTC(2026, 0, 1);

describe("a fair share", () => {
  it("lets nobody who holds less pay for who holds more, and fills the whole", () => {
    const sizes = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.nat({ max: 5_000 }), (holders, whole) => {
        const share = fairShare(holders, whole);
        const left = holders.map((size) => Math.min(size, share));
        const total = left.reduce((sum, size) => sum + size, 0);
        const before = holders.reduce((sum, size) => sum + size, 0);
        expect(total).toBeCloseTo(Math.min(whole, before), 3);
      }),
    );
  });
});

function frame(store: Store, stationId: string, at: number, body: string): Omit<FrameRow, "length" | "digest"> {
  const id = store.nextId();
  return { id, station_id: stationId, at, direction: "inbound", type: 2, action: null, message_id: null, body };
}

for (const database of databases) {
  describe(`the size of a log on ${database.name}`, () => {
    afterEach(() => database.remove());

    const add = (store: Store, size: LogSize, stationId: string, at: number, body: string): void => {
      const row = frame(store, stationId, at, body);
      store.append(store.reader.insertInto("frames").values(row).compile(), { later: true });
      size.note(stationId, row.id, Buffer.byteLength(body));
    };
    const told = async (store: Store): Promise<Record<string, number>> => {
      const rows = await store.reader.selectFrom("log_sizes").selectAll().orderBy("station_id").execute();
      return Object.fromEntries(rows.map(({ station_id, bytes }) => [station_id, bytes]));
    };
    const held = async (store: Store): Promise<Record<string, number>> => {
      const rows = await store.reader.selectFrom("frames").selectAll().orderBy("station_id").execute();
      const sizes: Record<string, number> = {};
      for (const { station_id, body } of rows) {
        sizes[station_id] = (sizes[station_id] ?? 0) + Buffer.byteLength(body) + 256;
      }
      return sizes;
    };

    it("is what its rows take, however they came and went", async () => {
      const store = await database.open();
      const stations = ["A", "B", "C"];
      const step = fc.oneof(
        fc.record({
          kind: fc.constant("add" as const),
          station: fc.constantFrom(...stations),
          body: fc.string({ unit: "grapheme", maxLength: 300 }).map((text) => text.replaceAll("\0", "")),
        }),
        fc.record({ kind: fc.constantFrom("settle" as const, "restart" as const) }),
        fc.record({ kind: fc.constant("shrink" as const), most: fc.nat({ max: 6_000 }) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          await store.write(
            store.reader.deleteFrom("frames"),
            store.reader.deleteFrom("log_sizes"),
            store.reader.deleteFrom("counters"),
          );
          let size = createLogSize(store, "frames");
          for (const one of steps) {
            if (one.kind === "add") add(store, size, one.station, start, one.body);
            else if (one.kind === "settle") await size.settle();
            else if (one.kind === "shrink") await size.shrink(one.most);
            else {
              // What was noted and not settled is lost with the process; its rows are not.
              await store.transaction(() => Promise.resolve());
              size = createLogSize(store, "frames");
            }
          }
          await size.settle();
          expect(await told(store)).toEqual(await held(store));
          await size.shrink(3_000);
          const after = await held(store);
          expect(await told(store)).toEqual(after);
          expect(Object.values(after).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(3_000);
        }),
        { numRuns: database.kind === "sqlite" ? 40 : 10 },
      );
    });

    it("is what its rows take, where a new process cuts back before it measures", async () => {
      const store = await database.open();
      const size = createLogSize(store, "frames");
      add(store, size, "A", start, "");
      await size.settle();
      expect(await createLogSize(store, "frames").shrink(0)).toBe(1);
      expect([await held(store), await told(store)]).toEqual([{}, {}]);
    });

    it("is cut back by the oldest of who holds the most, and never by what others hold", async () => {
      const store = await database.open();
      const size = createLogSize(store, "frames");
      for (let index = 0; index < 5; index += 1) add(store, size, "QUIET", start + index, "x".repeat(100));
      for (let index = 0; index < 900; index += 1) add(store, size, "LOUD", start + index, String(index).padEnd(1_000));
      for (let index = 0; index < 5; index += 1) add(store, size, "QUIET", start + index, "x".repeat(100));
      await size.settle();
      expect(await size.shrink(200_000)).toBeGreaterThan(700);
      const rows = await store.reader.selectFrom("frames").selectAll().orderBy("id").execute();
      expect(rows.filter(({ station_id }) => station_id === "QUIET")).toHaveLength(10);
      const loud = rows.filter(({ station_id }) => station_id === "LOUD").map(({ body }) => Number(body));
      expect(loud.at(-1)).toBe(899);
      expect(loud).toEqual(loud.map((_none, index) => 900 - loud.length + index));
      expect(await told(store)).toEqual(await held(store));
      expect(await size.shrink(200_000)).toBe(0);
    });

    it("counts the rows where writes were lost", async () => {
      const store = await database.open();
      const size = createLogSize(store, "frames");
      await size.settle();
      add(store, size, "A", start, "x".repeat(100));
      // Refused: its id is taken.
      const [row] = [frame(store, "A", start, "y".repeat(1_000))];
      for (let twice = 0; twice < 2; twice += 1) {
        store.append(
          store.reader
            .insertInto("frames")
            .values(row as FrameRow)
            .compile(),
        );
        size.note("A", row?.id ?? 0, 1_000);
      }
      await size.settle();
      expect(store.lost).toBe(1);
      expect(await told(store)).toEqual({ A: 100 + 256 + 1_000 + 256 });
    });

    it("goes down with the rows that are too old", async () => {
      const clock = manualClock({ start });
      const store = await database.open({ clock });
      const size = createLogSize(store, "frames");
      for (let index = 0; index < 1_200; index += 1) {
        add(store, size, index % 2 === 0 ? "A" : "B", clock.now(), "body");
        if (index % 100 === 99) await clock.advance(1_000);
      }
      await size.settle();
      expect(await size.deleteOlder(start + 10_000)).toBe(1_000);
      expect(await told(store)).toEqual(await held(store));
      expect(await size.deleteOlder(clock.now(), AbortSignal.abort())).toBe(0);
      expect(await size.deleteOlder(clock.now())).toBe(200);
      expect(await told(store)).toEqual({});
    });
  });
}
