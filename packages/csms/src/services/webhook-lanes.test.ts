import { setImmediate } from "node:timers/promises";
import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { databases } from "../store/store.fixture.ts";
import type { DeliveryRow, WebhookRow } from "../store/tables.ts";
import { testPlatform } from "./platform.fixture.ts";
import { createAttempt } from "./webhook-attempt.ts";
import { createWebhookLanes } from "./webhook-lanes.ts";
import type { SendWebhook } from "./webhook-request.ts";
import { createSlots } from "./webhook-slots.ts";

const [sqlite] = databases;
if (sqlite === undefined) throw new Error("There is no database to test on");
afterEach(() => sqlite.remove());

const most = 4;
const never = new AbortController().signal;
const good = { delivered: true, status: 200, error: null, retryAfter: 0 };
const bad = { delivered: false, status: 500, error: "The receiver answered 500", retryAfter: 0 };

it("tries each delivery until it is taken or has had its attempts, one at a time for each webhook, with pauses", async () => {
  const clock = manualClock();
  const store = await sqlite.open({ clock });
  const platform = testPlatform(store, { clock });
  /** For each webhook, how often each of its deliveries fails. */
  const failures = fc.array(fc.array(fc.integer({ min: 0, max: most + 1 }), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(failures, async (plan) => {
      await store.write(store.reader.deleteFrom("deliveries"));
      const webhooks = new Map<number, WebhookRow>();
      const left = new Map<number, number>();
      for (const deliveries of plan) {
        const id = store.nextId();
        const times = { created_at: clock.now(), updated_at: clock.now() };
        webhooks.set(id, { id, url: "http://x/", secret: "whsec_", kinds: null, stations: null, active: 1, ...times });
        for (const fails of deliveries) {
          const row: DeliveryRow = {
            id: store.nextId(),
            webhook_id: id,
            event_id: store.nextId(),
            status: "pending",
            attempts: 0,
            next_at: clock.now(),
            last_status: null,
            last_error: null,
            ...times,
          };
          left.set(row.id, fails);
          const event = { id: row.event_id, station_id: null, kind: "system.log", at: clock.now(), data: "{}" };
          await store.write(
            store.reader.insertInto("events").values(event),
            store.reader.insertInto("deliveries").values(row),
          );
        }
      }
      const tried = new Map<number, number[]>();
      const busy = new Set<string>();
      const send: SendWebhook = async ({ url }, deliveryId) => {
        const own = tried.get(deliveryId) ?? [];
        tried.set(deliveryId, [...own, clock.now()]);
        const lane = `${url} ${(await webhookOf(deliveryId)) ?? 0}`;
        expect(busy.has(lane)).toBe(false);
        busy.add(lane);
        await setImmediate();
        busy.delete(lane);
        const fails = left.get(deliveryId) ?? 0;
        left.set(deliveryId, fails - 1);
        return fails > 0 ? bad : good;
      };
      const webhookOf = async (deliveryId: number): Promise<number | undefined> => {
        const row = await store.reader
          .selectFrom("deliveries")
          .select("webhook_id")
          .where("id", "=", deliveryId)
          .executeTakeFirst();
        return row?.webhook_id;
      };
      const plannedFailures = new Map(left);
      const lanes = createWebhookLanes(
        platform,
        { get: (id) => webhooks.get(id), ids: () => webhooks.keys() },
        createAttempt(platform, send, most),
      );
      const rows = () => store.reader.selectFrom("deliveries").selectAll().execute();
      for (let round = 0; round < 2_000 && (await rows()).some(({ status }) => status === "pending"); round += 1) {
        await lanes.deliverDue(never);
        await clock.advance(10_000);
      }
      await lanes.close();
      for (const { id, status, attempts } of await rows()) {
        const fails = plannedFailures.get(id) ?? 0;
        expect(status).toBe(fails < most ? "delivered" : "dead");
        expect(attempts).toBe(Math.min(fails + 1, most));
        const times = tried.get(id) ?? [];
        expect(times).toHaveLength(attempts);
        for (const [index, time] of times.slice(1).entries()) {
          expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(5_000 * 4 ** index * 0.8);
        }
      }
    }),
    { numRuns: 12 },
  );
});

it("gives up at once on a delivery whose event is no longer kept, and blames nobody", async () => {
  const clock = manualClock();
  const store = await sqlite.open({ clock });
  const platform = testPlatform(store, { clock });
  const now = clock.now();
  const times = { created_at: now, updated_at: now };
  const webhook: WebhookRow = {
    id: 1,
    url: "http://x/",
    secret: "whsec_",
    kinds: null,
    stations: null,
    active: 1,
    ...times,
  };
  const delivery = {
    webhook_id: 1,
    status: "pending",
    attempts: 0,
    next_at: now,
    last_status: null,
    last_error: null,
    ...times,
  } as const;
  await store.write(
    store.reader.insertInto("deliveries").values({ ...delivery, id: 2, event_id: 8 }),
    store.reader.insertInto("deliveries").values({ ...delivery, id: 3, event_id: 9 }),
    store.reader.insertInto("events").values({ id: 9, station_id: null, kind: "system.log", at: now, data: "{}" }),
  );
  const lanes = createWebhookLanes(
    platform,
    { get: () => webhook, ids: () => [1] },
    createAttempt(platform, () => Promise.resolve(good), most),
  );
  expect(await lanes.deliverDue(never)).toEqual({ delivered: 1, failed: 1 });
  expect(
    await store.reader.selectFrom("deliveries").select(["status", "attempts", "last_error"]).orderBy("id").execute(),
  ).toEqual([
    { status: "dead", attempts: 0, last_error: "The event is no longer kept" },
    { status: "delivered", attempts: 1, last_error: null },
  ]);
});

it("lets only so much work run at a time, in the order in which it came", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() }), { maxLength: 20 }),
      async (count, jobs) => {
        const slots = createSlots(count);
        let running = 0;
        const begun: number[] = [];
        const results = await Promise.allSettled(
          jobs.map(({ turns, fails }, index) =>
            slots.run(async () => {
              begun.push(index);
              running += 1;
              expect(running).toBeLessThanOrEqual(count);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              running -= 1;
              if (fails) throw new Error("failed");
            }),
          ),
        );
        expect(begun).toEqual(jobs.map((_, index) => index));
        expect(results.map(({ status }) => status === "rejected")).toEqual(jobs.map(({ fails }) => fails));
      },
    ),
  );
});
