import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { databases } from "../store/store.fixture.ts";
import { testPlatform } from "./platform.fixture.ts";
import { InvalidRequestError, NotFoundError } from "./service-error.ts";
import { createWebhooks } from "./webhooks.ts";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How many requests are being answered. */
  readonly open: number;
  close(): Promise<void>;
}

/** A real receiver; `answer` gets the request when all of it has come. */
async function startReceiver(
  answer: (response: ServerResponse, count: number) => void = (response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  let open = 0;
  const server: Server = createServer((request, response) => {
    open += 1;
    response.once("close", () => {
      open -= 1;
    });
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=query-secret`,
    received,
    get open() {
      return open;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Waits until a check holds; real sockets and databases take real time. */
const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 10 });

const never = new AbortController().signal;

for (const database of databases) {
  describe(`webhooks on ${database.name}`, () => {
    const ending: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const end of ending.splice(0).toReversed()) await end();
      await database.remove();
    });

    const receiver = async (...options: Parameters<typeof startReceiver>): Promise<Receiver> => {
      const started = await startReceiver(...options);
      ending.push(() => started.close());
      return started;
    };
    const start = async (configuration: object = {}) => {
      const clock = manualClock();
      const store = await database.open({ clock });
      const platform = testPlatform(store, { clock, configuration });
      const webhooks = await createWebhooks(platform);
      ending.push(() => webhooks.close());
      const happen = (kind: "station.booted" | "meter.values", data: object = {}, stationId: string | null = "CS 1") =>
        platform.events.commit([], [{ stationId, kind, data }]);
      const deliveries = () => store.reader.selectFrom("deliveries").selectAll().orderBy("id").execute();
      /** Waits until no delivery is neither delivered, dead, nor put off. */
      const settled = () =>
        eventually(async () => {
          const rows = await deliveries();
          expect(rows.filter(({ status, next_at }) => status === "pending" && next_at <= clock.now())).toEqual([]);
        });
      return { clock, store, platform, webhooks, happen, deliveries, settled };
    };

    it("sends what happens at once, signed, as JSON", async () => {
      const { clock, webhooks, happen, settled, deliveries } = await start();
      const { url, received } = await receiver();
      const { row, secret } = await webhooks.add({ url });
      await happen("station.booted", { model: "é" });
      await eventually(() => expect(received).toHaveLength(1));
      await settled();
      const [{ headers, body } = { headers: {}, body: "" }] = received;
      const [delivery] = await deliveries();
      expect(JSON.parse(body)).toEqual({
        id: delivery?.event_id,
        kind: "station.booted",
        chargePointId: "CS 1",
        timestamp: new Date(clock.now()).toISOString(),
        data: { model: "é" },
      });
      expect(headers).toMatchObject({
        "content-type": "application/json",
        "webhook-id": `msg_${delivery?.id}`,
        "webhook-timestamp": String(Math.floor(clock.now() / 1_000)),
        "user-agent": "ocpp-central",
      });
      const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
      const mac = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64")).update(signed);
      expect(headers["webhook-signature"]).toBe(`v1,${mac.digest("base64")}`);
      expect(delivery).toMatchObject({
        webhook_id: row.id,
        status: "delivered",
        attempts: 1,
        last_status: 204,
        last_error: null,
      });
      expect(clock.timers).toBe(0);
    });

    it("sends each only what it wants, in order", async () => {
      const { webhooks, happen } = await start();
      const [all, some] = [await receiver(), await receiver()];
      await webhooks.add({ url: all.url });
      await webhooks.add({ url: some.url, kinds: ["meter"], stations: ["B"] });
      for (let count = 1; count <= 60; count += 1) await happen("meter.values", { count }, count % 3 === 0 ? "B" : "A");
      await eventually(() => expect([all.received.length, some.received.length]).toEqual([60, 20]));
      const counts = ({ received }: Receiver): unknown[] =>
        received.map(({ body }) => (JSON.parse(body) as { data: { count: number } }).data.count);
      expect(counts(all)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
      expect(counts(some)).toEqual(Array.from({ length: 20 }, (_, index) => 3 * (index + 1)));
    });

    it("tries again later with the same id, and gives up after the configured attempts; a dead letter can be sent again", async () => {
      const { clock, webhooks, happen, settled, deliveries, platform } = await start({ webhooks: { attempts: 3 } });
      let working = false;
      const { url, received } = await receiver((response) => response.writeHead(working ? 200 : 503).end());
      await webhooks.add({ url });
      await happen("station.booted");
      await eventually(() => expect(received).toHaveLength(1));
      await settled();
      const [first] = await deliveries();
      expect(first).toMatchObject({
        status: "pending",
        attempts: 1,
        last_status: 503,
        last_error: "The receiver answered 503",
      });
      expect((first?.next_at ?? 0) - clock.now()).toBeGreaterThanOrEqual(4_000);
      expect(await webhooks.deliverDue(never)).toEqual({ delivered: 0, failed: 0 });
      await clock.advance(6_000);
      expect(await webhooks.deliverDue(never)).toEqual({ delivered: 0, failed: 1 });
      await clock.advance(24_000);
      expect(await webhooks.deliverDue(never)).toEqual({ delivered: 0, failed: 1 });
      expect(await deliveries()).toMatchObject([{ status: "dead", attempts: 3 }]);
      await clock.advance(86_400_000);
      expect(await webhooks.deliverDue(never)).toEqual({ delivered: 0, failed: 0 });
      working = true;
      const id = first?.id ?? 0;
      expect(await webhooks.retry(id)).toBe(true);
      await eventually(async () =>
        expect(await webhooks.delivery(id)).toMatchObject({ status: "delivered", attempts: 1 }),
      );
      expect(await webhooks.retry(id)).toBe(false);
      expect(await webhooks.retry(1)).toBe(false);
      expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
      expect(received).toHaveLength(4);
      expect(await platform.metrics.text()).toContain('ocpp_webhook_deliveries_total{outcome="dead"} 1');
    });

    it("does not let one that never answers hold up others, gives it up after the timeout, and leaves it alone for a while", async () => {
      const { clock, webhooks, happen, deliveries } = await start({ webhooks: { timeout: 10 } });
      const [slow, quick] = [await receiver(() => {}), await receiver()];
      const { row } = await webhooks.add({ url: slow.url });
      await webhooks.add({ url: quick.url });
      for (let count = 0; count < 20; count += 1) await happen("meter.values");
      await eventually(() => expect(quick.received).toHaveLength(20));
      expect(slow.received).toHaveLength(1);
      await clock.advance(10_000);
      const own = async () => (await deliveries()).filter(({ webhook_id }) => webhook_id === row.id);
      await eventually(async () =>
        expect((await own())[0]).toMatchObject({
          attempts: 1,
          last_error: "The receiver did not answer within 10000 ms",
        }),
      );
      expect(slow.received).toHaveLength(1);
      expect((await own()).slice(1).every(({ attempts }) => attempts === 0)).toBe(true);
      await eventually(() => expect(slow.open).toBe(0));
    });

    it("follows no redirects, reads no endless answers, and says what was wrong without addresses", async () => {
      const { webhooks, happen, settled, deliveries, platform } = await start();
      const elsewhere = await receiver();
      const moved = await receiver((response) => response.writeHead(302, { location: elsewhere.url }).end());
      const endless = await receiver((response) => {
        response.writeHead(200);
        response.write("x".repeat(100_000));
      });
      const gone = await receiver();
      await gone.close();
      for (const { url } of [moved, endless, gone]) await webhooks.add({ url });
      await happen("station.booted");
      await eventually(() => expect(endless.received).toHaveLength(1));
      await settled();
      await eventually(() => expect(endless.open).toBe(0));
      expect(await deliveries()).toMatchObject([
        { status: "pending", last_status: 302, last_error: expect.stringContaining("redirects are not followed") },
        { status: "delivered", last_status: 200 },
        { status: "pending", last_status: null, last_error: "The receiver could not be reached (ECONNREFUSED)" },
      ]);
      expect(elsewhere.received).toEqual([]);
      const told = JSON.stringify(platform.log.lines);
      expect(told).toContain("A delivery to a webhook failed");
      expect(told).not.toMatch(/query-secret|whsec_|127\.0\.0\.1/);
    });

    it("heeds Retry-After", async () => {
      const { clock, webhooks, happen, settled, deliveries } = await start();
      const { url } = await receiver((response) => response.writeHead(429, { "retry-after": "3600" }).end());
      await webhooks.add({ url });
      await happen("station.booted");
      await eventually(async () => expect(await deliveries()).toMatchObject([{ attempts: 1 }]));
      await settled();
      expect((await deliveries())[0]?.next_at).toBe(clock.now() + 3_600_000);
    });

    it("sends after a restart what was not delivered, and what had not even been written down", async () => {
      const { clock, store, platform, webhooks, happen, deliveries } = await start();
      const { url, received } = await receiver((response, count) => {
        if (count > 1) response.writeHead(204).end();
      });
      await webhooks.add({ url });
      await happen("station.booted", { count: 1 });
      await eventually(() => expect(received).toHaveLength(1));
      await webhooks.close();
      expect(await deliveries()).toMatchObject([{ status: "pending", attempts: 0 }]);
      await happen("station.booted", { count: 2 });
      expect(await deliveries()).toHaveLength(1);
      const again = await createWebhooks(testPlatform(store, { clock, configuration: platform.configuration }));
      ending.push(() => again.close());
      await again.deliverDue(never);
      await eventually(async () =>
        expect((await deliveries()).map(({ status }) => status)).toEqual(["delivered", "delivered"]),
      );
      const bodies = received.map(({ body }) => (JSON.parse(body) as { data: object }).data);
      expect(bodies).toEqual([{ count: 1 }, { count: 1 }, { count: 2 }]);
    });

    it("is never told of the runs of its own deliveries", async () => {
      const { webhooks, platform, deliveries } = await start();
      const { url } = await receiver();
      await webhooks.add({ url });
      const run = (name: string) =>
        platform.events.commit([], [{ stationId: null, kind: "background.finished", data: { name } }]);
      await run("webhook-delivery");
      await run("retention");
      await eventually(async () => expect(await deliveries()).toMatchObject([{ status: "delivered" }]));
    });

    it("can be changed, switched off and removed", async () => {
      const { webhooks, happen, deliveries } = await start();
      const { url, received } = await receiver();
      const { row } = await webhooks.add({ url, kinds: ["station"] });
      await webhooks.change(row.id, { active: false });
      await happen("station.booted", { count: 1 });
      expect(await webhooks.change(row.id, { active: true, kinds: null, stations: ["A"] })).toMatchObject({
        url,
        kinds: null,
        stations: '["A"]',
        active: 1,
      });
      await happen("meter.values", { count: 2 }, "A");
      await eventually(() => expect(received).toHaveLength(1));
      expect(received[0]?.body).toContain('"count":2');
      expect(await webhooks.list()).toEqual([await webhooks.get(row.id)]);
      expect(await webhooks.remove(row.id)).toBe(true);
      expect(await webhooks.remove(row.id)).toBe(false);
      expect([await webhooks.list(), await webhooks.get(row.id), await deliveries()]).toEqual([[], undefined, []]);
      await happen("meter.values", {}, "A");
      await expect(webhooks.change(row.id, { active: true })).rejects.toThrow(NotFoundError);
      expect(received).toHaveLength(1);
    });

    it.each([
      [{ url: "ftp://example.com/" }, "url"],
      [{ url: "nonsense" }, "url"],
      [{ url: "https://user:secret@example.com/" }, "url"],
      [{ url: `https://example.com/${"x".repeat(2_048)}` }, "url"],
      [{ url: "https://example.com/", kinds: [] }, "kinds"],
      [{ url: "https://example.com/", kinds: ["Station Booted"] }, "kinds"],
      [{ url: "https://example.com/", stations: [""] }, "stations"],
    ])("refuses %j", async (settings, field) => {
      const { webhooks } = await start();
      const refusal = await webhooks.add(settings).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(InvalidRequestError);
      expect(String(refusal)).toMatch(new RegExp(`^InvalidRequestError: ${field}: `));
      expect(String(refusal)).not.toContain("secret@");
      expect(await webhooks.list()).toEqual([]);
    });
  });
}
