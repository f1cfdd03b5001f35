import { setImmediate } from "node:timers/promises";
import { type ManualClock, manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { anyEvent } from "../events/any-event.fixture.ts";
import type { CsmsEvent, Events } from "../events/events.ts";
import type { EventKind } from "../events/kinds.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { WebhookRow } from "../store/tables/webhooks.ts";
import { createWebhookOutbox, type WebhookOutbox, type WebhookTarget } from "./outbox.ts";
import { filterOf } from "./target.ts";

function target(id: number, kinds: readonly string[] | null, over: Partial<WebhookRow> = {}): WebhookTarget {
  const row: WebhookRow = {
    id,
    url: "http://127.0.0.1/",
    secret: "whsec_",
    kinds: kinds === null ? null : JSON.stringify(kinds),
    stations: null,
    active: 1,
    batch_events: null,
    batch_bytes: null,
    created_at: 0,
    updated_at: 0,
    ...over,
  };
  return { row, filter: filterOf(row) };
}

/** A process that may die: its events and its outbox, over a store that may refuse deliveries. */
function startProcess(store: Store, clock: ManualClock, targets: readonly WebhookTarget[]) {
  let refusing = false;
  const flaky: Store = {
    ...store,
    reader: store.reader,
    write: (...writes) =>
      refusing && writes.some((write) => "sql" in write && write.sql.includes("deliveries"))
        ? Promise.reject(new StoreError("unavailable", "away"))
        : store.write(...writes),
  };
  const { events, log } = testInfrastructure(store, { clock });
  let dead = false;
  // What a dead process would have heard and done does not happen.
  const mortal: Events = {
    ...events,
    subscribe: (listener) =>
      events.subscribe((event: CsmsEvent) => {
        if (!dead) listener(event);
      }),
  };
  const outbox: WebhookOutbox = createWebhookOutbox(
    { store: flaky, events: mortal, clock, log },
    () => targets,
    () => {},
  );
  return {
    events,
    outbox,
    refuse: (yes: boolean): void => {
      refusing = yes;
    },
    kill: (): void => {
      dead = true;
      refusing = true;
    },
  };
}

/** Resolves when all that was written so far is kept and told. */
async function kept(store: Store): Promise<void> {
  await store.write(store.reader.deleteFrom("logs").where("id", "=", -1));
  await setImmediate();
}

for (const database of databases) {
  describe(`the outbox of webhooks on ${database.name}`, () => {
    afterEach(() => database.remove());

    const pairs = async (store: Store): Promise<string[]> => {
      const rows = await store.reader.selectFrom("deliveries").select(["webhook_id", "event_id"]).execute();
      return rows.map(({ webhook_id, event_id }) => `${webhook_id} ${event_id}`).sort();
    };

    it("writes each event down once for each webhook that wants it, whatever fails and whenever the process dies", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom<EventKind>("station.connected", "meter.values", "command.new") },
        { weight: 1, arbitrary: fc.constantFrom("refuse", "accept", "die", "die before telling", "wait") },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 25 }), async (steps) => {
          const targets = [
            target(store.nextId(), null),
            target(store.nextId(), ["station"]),
            target(store.nextId(), ["meter.values", "command"]),
            target(store.nextId(), null, { active: 0 }),
          ];
          const before = await pairs(store);
          let process = startProcess(store, clock, targets);
          await process.outbox.start();
          const again = async (): Promise<void> => {
            // What a process has written is kept or lost by the time that the next one starts.
            await kept(store);
            process = startProcess(store, clock, targets);
            await process.outbox.start();
          };
          for (const [what, durable] of steps) {
            if (what === "refuse") process.refuse(true);
            else if (what === "accept") process.refuse(false);
            else if (what === "wait") await clock.advance(1_500);
            else if (what === "die") {
              process.kill();
              await again();
            } else if (what === "die before telling") {
              process.kill();
              await process.events.commit([], [anyEvent("A", "station.connected", {})]);
              await again();
            } else {
              const event = anyEvent("A", what, { at: clock.now() });
              if (durable) await process.events.commit([], [event]);
              else process.events.append(event);
            }
          }
          process.refuse(false);
          await process.outbox.close();
          // A last restart finds whatever the one before could not do.
          await again();
          await process.outbox.close();
          const expected = (await store.reader.selectFrom("events").selectAll().execute()).flatMap(({ id, kind }) =>
            targets
              .filter(({ row }) => row.active === 1 && id > row.id)
              .filter(
                ({ row: { kinds } }) => kinds === null || kinds.includes("station") === kind.startsWith("station"),
              )
              .map(({ row }) => `${row.id} ${id}`),
          );
          const ids = new Set(targets.map(({ row }) => row.id));
          const written = (await pairs(store)).filter((pair) => ids.has(Number(pair.split(" ")[0])));
          expect(written).toEqual(expected.sort());
          expect(before.every((pair) => !ids.has(Number(pair.split(" ")[0])))).toBe(true);
        }),
        { numRuns: 25 },
      );
    });

    it("leaves no event waiting for the next one", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const process = startProcess(store, clock, [target(store.nextId(), null)]);
      await process.outbox.start();
      for (let round = 1; round <= 40; round += 1) {
        for (let turn = 0; turn < round % 8; turn += 1) await Promise.resolve();
        await process.events.commit([], [anyEvent(null, "system.log", {})]);
        if (round % 5 > 0) continue;
        await vi.waitFor(async () => expect(await pairs(store)).toHaveLength(round), { timeout: 20_000, interval: 5 });
      }
      await process.outbox.close();
    });

    it("keeps its memory within bounds while the store takes nothing, and catches up from what is kept", async () => {
      const clock = manualClock();
      // The store has a clock of its own: it may be at a checkpoint in the end, which it times.
      const store = await database.open({ clock: manualClock() });
      const process = startProcess(store, clock, [target(store.nextId(), null)]);
      await process.outbox.start();
      process.refuse(true);
      for (let count = 0; count < 21_000; count += 1) {
        process.events.append(anyEvent(null, "system.log", {}));
      }
      await kept(store);
      await process.outbox.flush();
      process.refuse(false);
      await process.outbox.flush();
      await process.outbox.close();
      const { count } = await store.reader
        .selectFrom("deliveries")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      expect(count).toBe(21_000);
      expect(clock.timers).toBe(0);
    });

    it("takes an event once that happens while the ones before are looked at again", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const targets = [target(store.nextId(), null)];
      const before = startProcess(store, clock, targets);
      for (let count = 0; count < 1_200; count += 1) {
        before.events.append(anyEvent(null, "system.log", {}));
      }
      await kept(store);
      const process = startProcess(store, clock, targets);
      const started = process.outbox.start();
      for (let count = 0; count < 60; count += 1) {
        await process.events.commit([], [anyEvent(null, "station.booted", {})]);
      }
      await started;
      await process.outbox.close();
      const found = await pairs(store);
      expect([found.length, new Set(found).size]).toEqual([1_260, 1_260]);
    });

    it("does not deliver what happened while a webhook was switched off or wanted something else", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const id = store.nextId();
      const first = startProcess(store, clock, [target(id, null, { active: 0 })]);
      await first.outbox.start();
      await first.events.commit([], [anyEvent(null, "system.log", {})]);
      await first.outbox.close();
      await clock.advance(10);
      const second = startProcess(store, clock, [target(id, null, { updated_at: clock.now() })]);
      await second.outbox.start();
      await second.events.commit([], [anyEvent(null, "station.booted", {})]);
      await second.outbox.close();
      expect(await pairs(store)).toHaveLength(1);
    });
  });
}
