import { manualClock, systemClock } from "@ocpp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptLog } from "../observability/kept-log.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { anyEvent } from "./any-event.fixture.ts";
import type { CsmsEvent, NewEvent } from "./events.ts";
import { matchesFilter } from "./filter.ts";
import { createEvents } from "./log.ts";

const heard = (stationId: string | null, data: unknown = {}): NewEvent =>
  anyEvent(stationId, "station.heartbeat", data);

/** A store whose writes end when, and how, a test says so. */
function heldStore(store: Store): {
  readonly store: Store;
  readonly release: (index: number, keep: boolean | undefined) => Promise<void>;
} {
  const held: { go(keep: boolean): Promise<void> }[] = [];
  return {
    store: {
      ...store,
      write: (...writes) =>
        new Promise((resolve, reject) => {
          held.push({
            go: async (keep) => {
              if (keep) resolve(await store.write(...writes));
              else reject(new StoreError("unavailable", "gone"));
            },
          });
        }),
    },
    release: async (index, keep) => {
      await held[index]?.go(keep ?? false);
    },
  };
}

describe.each(databases)("events on $name", (database) => {
  it("are told in the order of their ids, whatever order the commits end in, and only those that were kept", async () => {
    const real = await database.open();
    const order = fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(order, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), async (ends, kept) => {
        const { store, release } = heldStore(real);
        const events = createEvents(store, systemClock, keptLog());
        const told: CsmsEvent[] = [];
        events.subscribe((event) => told.push(event));
        const start = await events.newest();
        const commits = kept.map((_, index) => events.commit([], [heard(null, index)]).catch(() => undefined));
        for (const index of ends) {
          await release(index, kept[index]);
          await commits[index];
          // Whoever resumes from what was told last has missed nothing: the history goes as far and no further.
          const history = await events.after(start, {}, 100);
          expect(history).toEqual(told);
          expect(await events.newest()).toBe(told.at(-1)?.id ?? start);
        }
        expect(told.map(({ data }) => data)).toEqual(kept.flatMap((keep, index) => (keep ? [index] : [])));
      }),
      { numRuns: 30 },
    );
    await real.close();
    await database.remove();
  });

  it("are kept with the writes or not at all", async () => {
    const store = await database.open();
    const events = createEvents(store, systemClock, keptLog());
    const row = { identity: "A", first_at: 1, last_at: 1, attempts: 1, remote_address: "", subprotocols: "" };
    const insert = store.reader.insertInto("knocks").values(row);
    expect(await events.commit([insert], [heard("A")])).toEqual([1]);
    await expect(events.commit([insert], [heard("B")])).rejects.toMatchObject({ code: "constraint" });
    expect((await events.after(0, {}, 10)).map(({ stationId }) => stationId)).toEqual(["A"]);
    await store.close();
    await database.remove();
  });

  it("are found by station and by kind or family, as the filter matches them", async () => {
    const store = await database.open();
    const events = createEvents(store, systemClock, keptLog());
    const all: NewEvent[] = [
      anyEvent("A", "transaction.started", {}),
      anyEvent("B", "transaction.ended", {}),
      anyEvent(null, "token.changed", {}),
    ];
    await events.commit([], all);
    for (const filter of [
      {},
      { kinds: ["transaction"] },
      { kinds: ["trans"] },
      { kinds: ["transaction.ended", "token"] },
      { stations: ["A"] },
      { stations: [] },
      { kinds: ["transaction"], stations: ["B", "C"] },
    ]) {
      const found = await events.after(0, filter, 10);
      expect(found.map(({ kind }) => kind)).toEqual(
        all.filter((event) => matchesFilter(filter, event)).map(({ kind }) => kind),
      );
    }
    await store.close();
    await database.remove();
  });

  it("keep of long data what is short, and are read in pages bounded by bytes", async () => {
    const store = await database.open();
    const events = createEvents(store, systemClock, keptLog());
    const told: CsmsEvent[] = [];
    events.subscribe((event) => told.push(event));
    const request = { data: "x".repeat(300_000) };
    await events.commit([], [heard("A", { action: "NotifyReport", request })]);
    const length = JSON.stringify({ action: "NotifyReport", request }).length;
    const bounded = {
      action: "NotifyReport",
      truncated: true,
      length,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    };
    expect(told[0]?.data).toEqual(bounded);
    expect((await events.after(0, {}, 10))[0]?.data).toEqual(bounded);
    for (let index = 0; index < 10; index += 1) await events.commit([], [heard("B", `${index}`.padEnd(200_000))]);
    const numbers: number[] = [];
    let pages = 0;
    for (let page = await events.after(told[0]?.id ?? 0, {}, 500); page.length > 0; pages += 1) {
      for (const { data } of page) numbers.push(Number(data));
      page = await events.after(page.at(-1)?.id ?? 0, {}, 500);
    }
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pages).toBe(4);
    await store.close();
    await database.remove();
  });

  it("that nobody waits for are dropped where too much is on its way, which is told with a count", async () => {
    const real = await database.open();
    const { store, release } = heldStore(real);
    const log = keptLog();
    const clock = manualClock();
    const events = createEvents(store, clock, log);
    for (let index = 0; index < 200; index += 1) events.append(heard("A", "x".repeat(250_000)));
    await clock.advance(10_000);
    events.append(heard("A"));
    const counts = log.lines.map(({ fields }) => (fields as { readonly count?: number }).count);
    expect(counts[0]).toBe(1);
    expect(counts[1]).toBeGreaterThan(50);
    for (let index = 0; index < 200 - (counts[1] ?? 0); index += 1) await release(index, true);
    await real.close();
    await database.remove();
  });

  it("go on where a listener throws", async () => {
    const store = await database.open();
    const log = keptLog();
    const events = createEvents(store, systemClock, log);
    const told: number[] = [];
    events.subscribe(() => {
      throw new Error("no");
    });
    const away = events.subscribe(({ id }) => told.push(id));
    await events.commit([], [heard("A")]);
    away();
    await events.commit([], [heard("A")]);
    expect(told).toHaveLength(1);
    expect(log.lines.map(({ text }) => text)).toEqual(["A listener of events failed", "A listener of events failed"]);
    await store.close();
    await database.remove();
  });
});
