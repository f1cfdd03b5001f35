import { setImmediate } from "node:timers/promises";
import { type ManualClock, manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import type { DeliveryRow, WebhookRow } from "../store/tables/webhooks.ts";
import { createWebhookLanes, type WebhookLanes, type WebhookLanesOptions } from "./lanes.ts";
import type { SendWebhook, WebhookAnswer } from "./request.ts";

const most = 4;
const concurrency = 3;
const never = new AbortController().signal;
const good: WebhookAnswer = { delivered: true, status: 200, error: null, retryAfter: 0 };
const bad: WebhookAnswer = { delivered: false, status: 500, error: "The receiver answered 500", retryAfter: 0 };
const endless = new Promise<never>(() => {});

function webhookRow(id: number, batch: number | null = null): WebhookRow {
  return {
    id,
    url: `http://example.com/${id}`,
    secret: "whsec_",
    kinds: null,
    stations: null,
    active: 1,
    batch_events: batch,
    batch_bytes: null,
    created_at: 0,
    updated_at: 0,
  };
}

/** Writes events down for webhooks, as the outbox does; answers their ids by webhook. */
async function happen(
  store: Store,
  clock: ManualClock,
  webhookIds: readonly number[],
  stations: readonly (string | null)[],
  data = "{}",
): Promise<Map<number, number>> {
  const writes = stations.flatMap((station_id) => {
    const event = { id: store.nextId(), station_id, kind: "meter.values", at: clock.now(), data };
    const deliveries = webhookIds.map(
      (webhook_id): DeliveryRow => ({
        id: store.nextId(),
        webhook_id,
        event_id: event.id,
        station_id,
        status: "pending",
        attempts: 0,
        next_at: clock.now(),
        last_status: null,
        last_error: null,
        created_at: clock.now(),
        updated_at: clock.now(),
      }),
    );
    return [
      store.reader.insertInto("events").values(event),
      ...deliveries.map((row) => store.reader.insertInto("deliveries").values(row)),
    ];
  });
  await store.write(...writes);
  return new Map(webhookIds.map((id) => [id, stations.length]));
}

/** The events in a body. */
function eventsIn(body: string): { readonly id: number; readonly stationId: string | null }[] {
  const parsed = JSON.parse(body) as ReturnType<typeof eventsIn> | ReturnType<typeof eventsIn>[number];
  return Array.isArray(parsed) ? parsed : [parsed];
}

function lanesOver(
  store: Store,
  clock: ManualClock,
  webhooks: ReadonlyMap<number, WebhookRow>,
  send: SendWebhook,
  options: Partial<WebhookLanesOptions> = {},
): WebhookLanes {
  return createWebhookLanes(
    testInfrastructure(store, { clock }),
    { get: (id) => webhooks.get(id), ids: () => webhooks.keys() },
    { send, attempts: most, concurrency, maxBody: 10_000, maxAge: 1e12, maxWaiting: 1e6, ...options },
  );
}

/** A receiver that counts its posts, and gives all the same answer. */
function countingReceiver(answer = good): { posts: number; answer: WebhookAnswer; readonly send: SendWebhook } {
  const receiver = {
    posts: 0,
    answer,
    send: () => {
      receiver.posts += 1;
      return Promise.resolve(receiver.answer);
    },
  };
  return receiver;
}

/** So many stations, fifty in turn. */
const spread = (count: number): string[] => Array.from({ length: count }, (_, n) => `S${n % 50}`);

const rowsOf = (store: Store): Promise<DeliveryRow[]> =>
  store.reader.selectFrom("deliveries").selectAll().orderBy("id").execute();

for (const database of databases) {
  describe(`lanes of webhooks on ${database.name}`, () => {
    afterEach(() => database.remove());

    it("deliver everything at least once and in order per station, whatever fails and whenever the process dies", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const station = fc.constantFrom("A", "B", "C", null);
      const step = fc.oneof(
        { weight: 5, arbitrary: fc.array(station, { minLength: 1, maxLength: 12 }) },
        { weight: 2, arbitrary: fc.constantFrom("deliver" as const, "wait" as const) },
        { weight: 1, arbitrary: fc.constantFrom("restart" as const, "kill" as const) },
      );
      const plan = fc.record({
        batches: fc.array(fc.option(fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 3 }),
        steps: fc.array(step, { minLength: 1, maxLength: 12 }),
        /** How often the posts of an event fail, by a number that follows from its id. */
        fails: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: most + 1 })), {
          minLength: 1,
          maxLength: 20,
        }),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ batches, steps, fails }) => {
          await store.write(store.reader.deleteFrom("deliveries"), store.reader.deleteFrom("events"));
          const webhooks = new Map(
            batches.map((batch) => {
              const row = webhookRow(store.nextId(), batch);
              return [row.id, row];
            }),
          );
          const left = new Map<string, number>();
          let drawn = 0;
          /** Of each webhook, the events that it took, and how often each was tried. */
          const taken = new Map(Array.from(webhooks.keys(), (id) => [id, new Set<number>()]));
          const tries = new Map<string, number>();
          /** The events that have happened, in order, by station. */
          const happened = new Map<string, number[]>();
          const busy = new Set<string>();
          const underWay = new Map<string, number>();
          /** What was taken and not persisted as such before the process died: it is sent again, and may fail then. */
          const unconfirmed = new Set<string>();
          const wrong: string[] = [];

          /** Looks for an earlier event of the station that was neither taken nor given up. */
          const isOpenBefore = (id: number, event: { id: number; stationId: string | null }, ids: Set<number>) =>
            happened.get(String(event.stationId))?.some((other) => {
              const settled = taken.get(id)?.has(other) === true || (tries.get(`${id} ${other}`) ?? 0) >= most;
              return other < event.id && !settled && !ids.has(other);
            });

          const send =
            (isDead: () => boolean): SendWebhook =>
            async ({ url }, { body }) => {
              if (isDead()) return endless;
              const id = Number(url.split("/").at(-1));
              const events = eventsIn(body);
              const ids = new Set(events.map((event) => event.id));
              underWay.set(url, (underWay.get(url) ?? 0) + 1);
              if (events.length > (webhooks.get(id)?.batch_events ?? 1)) wrong.push("a batch is too long");
              if ((underWay.get(url) ?? 0) > concurrency) wrong.push("too many posts are under way");
              const stations = new Set(events.map(({ stationId }) => `${id} ${stationId}`));
              for (const name of stations) {
                if (busy.has(name)) wrong.push("two posts about a station are under way");
                busy.add(name);
              }
              for (const event of events) {
                if (isOpenBefore(id, event, ids)) wrong.push("an earlier event of the station is still open");
              }
              await setImmediate();
              let failing = false;
              for (const { id: eventId } of events) {
                const key = `${id} ${eventId}`;
                const open = left.get(key) ?? fails[drawn++ % fails.length] ?? 0;
                left.set(key, open - 1);
                tries.set(key, (tries.get(key) ?? 0) + 1);
                failing ||= open > 0;
              }
              for (const name of stations) busy.delete(name);
              underWay.set(url, (underWay.get(url) ?? 1) - 1);
              if (!failing) for (const { id: eventId } of events) taken.get(id)?.add(eventId);
              return failing ? bad : good;
            };

          const boot = async () => {
            let dead = false;
            const mortal: Store = {
              ...store,
              write: (...writes) => (dead ? endless : store.write(...writes)),
            };
            const lanes = lanesOver(
              mortal,
              clock,
              webhooks,
              send(() => dead),
            );
            await lanes.start();
            return {
              lanes,
              kill: async () => {
                dead = true;
                // What it had written is kept or lost, and what it had posted has arrived, before the next one starts.
                await vi.waitFor(() => expect(busy.size).toBe(0), { interval: 1 });
                await store.write(store.reader.deleteFrom("logs").where("id", "=", -1));
                for (const { webhook_id, event_id, status } of await rowsOf(store)) {
                  if (status === "pending" && taken.get(webhook_id)?.has(event_id) === true) {
                    unconfirmed.add(`${webhook_id} ${event_id}`);
                  }
                }
              },
            };
          };
          let process = await boot();
          for (const one of steps) {
            if (one === "deliver") await process.lanes.deliverDue(never);
            else if (one === "wait") await clock.advance(20_000);
            else if (one === "restart") {
              await process.lanes.close();
              process = await boot();
            } else if (one === "kill") {
              await process.kill();
              process = await boot();
            } else {
              const before = store.nextId();
              const counts = await happen(store, clock, Array.from(webhooks.keys()), one);
              const events = await store.reader.selectFrom("events").selectAll().where("id", ">", before).execute();
              for (const { id, station_id } of events.sort((a, b) => a.id - b.id)) {
                happened.set(String(station_id), [...(happened.get(String(station_id)) ?? []), id]);
              }
              process.lanes.extend(counts);
            }
          }
          for (let round = 0; round < 500; round += 1) {
            await process.lanes.deliverDue(never);
            if ((await rowsOf(store)).every(({ status }) => status !== "pending")) break;
            await clock.advance(60_000);
          }
          expect(wrong).toEqual([]);
          for (const id of webhooks.keys()) expect(process.lanes.waiting(id)).toBe(0);
          await process.lanes.close();
          for (const row of await rowsOf(store)) {
            const got = taken.get(row.webhook_id)?.has(row.event_id) === true;
            if (row.status === "delivered") expect(got).toBe(true);
            else {
              expect(row).toMatchObject({ status: "dead", attempts: most });
              expect(got && !unconfirmed.has(`${row.webhook_id} ${row.event_id}`)).toBe(false);
            }
          }
        }),
        // A run asks a hundred times and more; where each is a round trip, fewer do.
        { numRuns: database.kind === "sqlite" ? 15 : 5 },
      );
    }, 120_000);

    it("let a station or a webhook that hangs hold up nobody else", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const hanging = Array.from({ length: 12 }, () => webhookRow(store.nextId()));
      const working = webhookRow(store.nextId());
      const webhooks = new Map([...hanging, working].map((row) => [row.id, row]));
      const got: string[] = [];
      const send: SendWebhook = ({ url }, { body }) => {
        const [event] = eventsIn(body);
        if (url !== working.url || event?.stationId === "HANGS") return endless;
        got.push(String(event?.stationId));
        return Promise.resolve(good);
      };
      const lanes = lanesOver(store, clock, webhooks, send, { concurrency: 8 });
      await lanes.start();
      const many = Array.from({ length: 100 }, (_, index) => `S${index}`);
      lanes.extend(await happen(store, clock, Array.from(webhooks.keys()), many));
      await vi.waitFor(() => expect(got).toHaveLength(100), { timeout: 20_000 });
      // More of one station than memory takes, before those of another.
      const flood = await happen(
        store,
        clock,
        [working.id],
        Array.from({ length: 2_500 }, () => "HANGS"),
      );
      lanes.extend(flood);
      lanes.extend(await happen(store, clock, [working.id], ["LAST", null]));
      await vi.waitFor(() => expect(got.slice(100).sort()).toEqual(["LAST", "null"]), { timeout: 20_000 });
    });

    it("share commits, and keep what was delivered until the store takes it", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const webhook = webhookRow(store.nextId());
      let commits = 0;
      let away = false;
      const watched: Store = {
        ...store,
        write: (...writes) => {
          if (away) return Promise.reject(new Error("The store is away"));
          commits += 1;
          return store.write(...writes);
        },
      };
      const receiver = countingReceiver();
      const lanes = lanesOver(watched, clock, new Map([[webhook.id, webhook]]), receiver.send);
      await lanes.start();
      lanes.extend(await happen(store, clock, [webhook.id], spread(1_000)));
      expect((await lanes.deliverDue(never)).failed).toBe(0);
      expect((await rowsOf(store)).every(({ status }) => status === "delivered")).toBe(true);
      expect(commits).toBeLessThan(200);
      away = true;
      lanes.extend(await happen(store, clock, [webhook.id], ["A", "A", "B"]));
      await lanes.deliverDue(never);
      expect((await rowsOf(store)).filter(({ status }) => status === "pending")).toHaveLength(3);
      away = false;
      await clock.advance(1_100);
      await lanes.deliverDue(never);
      expect((await rowsOf(store)).every(({ status }) => status === "delivered")).toBe(true);
      expect(receiver.posts).toBe(1_003);
      await lanes.close();
      expect(clock.timers).toBe(0);
    });

    it("stop attempts while the store takes no outcomes, so that few are made twice", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const webhook = webhookRow(store.nextId());
      const watched: Store = { ...store, write: () => Promise.reject(new Error("The store is away")) };
      const receiver = countingReceiver();
      const lanes = lanesOver(watched, clock, new Map([[webhook.id, webhook]]), receiver.send);
      await lanes.start();
      lanes.extend(await happen(store, clock, [webhook.id], spread(5_000)));
      await lanes.deliverDue(never);
      expect(receiver.posts).toBeLessThan(2_100);
      await lanes.close();
    });

    it("leave a receiver alone that fails as often in a row as it may be posted to at a time", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const webhook = webhookRow(store.nextId());
      const receiver = countingReceiver(bad);
      const lanes = lanesOver(store, clock, new Map([[webhook.id, webhook]]), receiver.send);
      await lanes.start();
      lanes.extend(
        await happen(
          store,
          clock,
          [webhook.id],
          Array.from({ length: 40 }, (_, n) => `S${n}`),
        ),
      );
      await lanes.deliverDue(never);
      // Others were sent while the first were under way, and none after them.
      const before = receiver.posts;
      expect(before).toBeLessThan(2 * concurrency);
      await lanes.deliverDue(never);
      expect(receiver.posts).toBe(before);
      await clock.advance(4_001);
      await lanes.deliverDue(never);
      expect(receiver.posts).toBe(before + 1);
      receiver.answer = good;
      await clock.advance(60_000);
      await lanes.deliverDue(never);
      expect((await rowsOf(store)).every(({ status }) => status === "delivered")).toBe(true);
      await lanes.close();
    });

    it("give up at once on a delivery whose event is no longer stored, and blame nobody", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const webhook = webhookRow(store.nextId());
      const counts = await happen(store, clock, [webhook.id], ["A", "A"]);
      const [gone] = await store.reader.selectFrom("events").select("id").orderBy("id").execute();
      await store.write(store.reader.deleteFrom("events").where("id", "=", gone?.id ?? 0));
      const lanes = lanesOver(store, clock, new Map([[webhook.id, webhook]]), () => Promise.resolve(good));
      lanes.extend(counts);
      expect(await lanes.deliverDue(never)).toEqual({ delivered: 1, failed: 1 });
      expect(await rowsOf(store)).toMatchObject([
        { status: "dead", attempts: 0, last_error: "The event is no longer stored" },
        { status: "delivered", attempts: 1, last_error: null },
      ]);
      await lanes.close();
    });

    it("send an event without its data where that is too long, and read none of it", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const webhook = webhookRow(store.nextId());
      const bodies: string[] = [];
      const send: SendWebhook = (_, { body }) => {
        bodies.push(body);
        return Promise.resolve(good);
      };
      const lanes = lanesOver(store, clock, new Map([[webhook.id, webhook]]), send);
      const data = [`"${"é".repeat(6_000)}"`, `"${"é".repeat(3_000)}"`];
      for (const one of data) lanes.extend(await happen(store, clock, [webhook.id], ["A"], one));
      await lanes.deliverDue(never);
      expect(bodies.map((body) => JSON.parse(body) as object)).toMatchObject([
        { stationId: "A", data: null, omittedBytes: 12_002 },
        { stationId: "A", data: "é".repeat(3_000) },
      ]);
      await lanes.close();
    });

    it("fill batches up to their events and bytes, those of one station in order", async () => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const webhook = { ...webhookRow(store.nextId(), 10), batch_bytes: 5_000 };
      const bodies: string[] = [];
      const send: SendWebhook = (_, { body }) => {
        bodies.push(body);
        return Promise.resolve(good);
      };
      const lanes = lanesOver(store, clock, new Map([[webhook.id, webhook]]), send);
      await lanes.start();
      const stations = Array.from({ length: 60 }, (_, n) => `S${n % 4}`);
      for (const data of ["{}", `"${"x".repeat(1_500)}"`, `"${"x".repeat(9_000)}"`]) {
        lanes.extend(await happen(store, clock, [webhook.id], stations, data));
      }
      await lanes.deliverDue(never);
      const batches = bodies.map(eventsIn);
      for (const [index, events] of batches.entries()) {
        expect(events.length).toBeLessThanOrEqual(10);
        expect(Buffer.byteLength(bodies[index] ?? "")).toBeLessThanOrEqual(5_000);
      }
      expect(Math.max(...batches.map(({ length }) => length))).toBe(10);
      expect(batches.flat()).toHaveLength(180);
      for (const name of new Set(stations)) {
        const ids = batches
          .flat()
          .filter(({ stationId }) => stationId === name)
          .map(({ id }) => id);
        expect(ids).toEqual([...ids].sort((a, b) => a - b));
      }
      await lanes.close();
    });
  });
}
