import { createHmac } from "node:crypto";
import dns from "node:dns";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { anyEvent } from "../events/any-event.fixture.ts";
import { testInfrastructure } from "../infrastructure.fixture.ts";
import { InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import { databases } from "../store/store.fixture.ts";
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
  /** How many connections were made. */
  connections(): number;
  /** Closes the connections over which nothing is under way. */
  dropIdle(): void;
  close(): Promise<void>;
}

/** A real receiver; `answer` gets the request when all of it has come. */
async function startReceiver(
  answer: (response: ServerResponse, count: number) => void = (response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  let open = 0;
  let connections = 0;
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
  server.on("connection", () => {
    connections += 1;
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
    connections: () => connections,
    dropIdle: () => server.closeIdleConnections(),
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
    const start = async (webhookSettings: object = {}) => {
      const configuration = { webhooks: { allowedNetworks: ["127.0.0.0/8"], ...webhookSettings } };
      const clock = manualClock();
      const store = await database.open({ clock });
      const infrastructure = testInfrastructure(store, { clock, configuration });
      const webhooks = await createWebhooks(infrastructure);
      ending.push(() => webhooks.close());
      const happen = (kind: "station.booted" | "meter.values", data: object = {}, stationId: string | null = "CS 1") =>
        infrastructure.events.commit([], [anyEvent(stationId, kind, data)]);
      const deliveries = () => store.reader.selectFrom("deliveries").selectAll().orderBy("id").execute();
      /** Waits until no delivery is neither delivered, dead, nor put off. */
      const settled = () =>
        eventually(async () => {
          const rows = await deliveries();
          expect(rows.filter(({ status, next_at }) => status === "pending" && next_at <= clock.now())).toEqual([]);
        });
      return { clock, store, infrastructure, webhooks, happen, deliveries, settled };
    };

    /** Lets every lookup of a name end so. */
    const resolveTo = (...answer: unknown[]): void => {
      const lookup = vi.spyOn(dns, "lookup");
      lookup.mockImplementation(((_name: string, _options: object, found: (...args: unknown[]) => void) => {
        found(...answer);
      }) as unknown as typeof dns.lookup);
      syncBuiltinESMExports();
      ending.push(() => {
        lookup.mockRestore();
        syncBuiltinESMExports();
        return Promise.resolve();
      });
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
        stationId: "CS 1",
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

    it("sends each only what it wants, in order for each station", async () => {
      const { webhooks, happen } = await start();
      const [all, some] = [await receiver(), await receiver()];
      await webhooks.add({ url: all.url });
      await webhooks.add({ url: some.url, kinds: ["meter"], stations: ["B"] });
      for (let count = 1; count <= 60; count += 1) await happen("meter.values", { count }, count % 3 === 0 ? "B" : "A");
      await eventually(() => expect([all.received.length, some.received.length]).toEqual([60, 20]));
      const counts = ({ received }: Receiver): unknown[] =>
        received.map(({ body }) => (JSON.parse(body) as { data: { count: number } }).data.count);
      const [ofB, ofA] = [true, false].map((third) =>
        counts(all).filter((count) => (Number(count) % 3 === 0) === third),
      );
      expect(ofA).toEqual(Array.from({ length: 60 }, (_, index) => index + 1).filter((count) => count % 3 !== 0));
      expect(ofB).toEqual(counts(some));
      expect(counts(some)).toEqual(Array.from({ length: 20 }, (_, index) => 3 * (index + 1)));
    });

    it("tries again later with the same id, and gives up after the configured attempts; a dead letter can be sent again", async () => {
      const { clock, webhooks, happen, settled, deliveries, infrastructure } = await start({ attempts: 3 });
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
      expect(await infrastructure.metrics.text()).toContain('ocpp_webhook_deliveries_total{outcome="dead"} 1');
    });

    it("does not let one that never answers hold up others, gives it up after the timeout, and leaves it alone for a while", async () => {
      const { clock, webhooks, happen, deliveries } = await start({ timeout: 10 });
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
      const { webhooks, happen, settled, deliveries, infrastructure } = await start();
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
      const told = JSON.stringify(infrastructure.log.lines);
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
      const { clock, store, infrastructure, webhooks, happen, deliveries } = await start();
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
      const again = await createWebhooks(
        testInfrastructure(store, { clock, configuration: infrastructure.configuration }),
      );
      ending.push(() => again.close());
      await again.deliverDue(never);
      await eventually(async () =>
        expect((await deliveries()).map(({ status }) => status)).toEqual(["delivered", "delivered"]),
      );
      const bodies = received.map(({ body }) => (JSON.parse(body) as { data: object }).data);
      expect(bodies).toEqual([{ count: 1 }, { count: 1 }, { count: 2 }]);
    });

    it("is never told of the runs of its own deliveries", async () => {
      const { webhooks, infrastructure, deliveries } = await start();
      const { url } = await receiver();
      await webhooks.add({ url });
      const run = (name: string) => infrastructure.events.commit([], [anyEvent(null, "background.finished", { name })]);
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

    it("posts several events as one array where it is told to, signed as a whole", async () => {
      const { webhooks, happen, settled, deliveries } = await start({ concurrency: 1 });
      let release = (): void => {};
      const { url, received } = await receiver((response, count) => {
        if (count > 1) response.writeHead(204).end();
        else release = () => response.writeHead(204).end();
      });
      const { secret } = await webhooks.add({ url, batch: { maxEvents: 10 } });
      await happen("station.booted", { count: 0 });
      await eventually(() => expect(received).toHaveLength(1));
      for (let count = 1; count <= 15; count += 1) await happen("meter.values", { count }, count % 2 === 0 ? "A" : "B");
      await eventually(async () => expect(await deliveries()).toHaveLength(16));
      release();
      await settled();
      const batches = received.map(({ body }) => JSON.parse(body) as { id: number; data: { count: number } }[]);
      // The last ones may come to the outbox after the second batch was cut, but none has more than ten.
      const [first, second, ...rest] = batches.map(({ length }) => length);
      expect([first, second, rest.reduce((sum, length) => sum + length, 0)]).toEqual([1, 10, 5]);
      const numbers = batches.flat().map(({ data }) => data.count);
      expect(numbers.filter((count) => count % 2 === 0)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
      expect(numbers.filter((count) => count % 2 === 1)).toEqual([1, 3, 5, 7, 9, 11, 13, 15]);
      const ids = (await deliveries()).map(({ event_id }) => event_id);
      expect(
        batches
          .flat()
          .map(({ id }) => id)
          .sort((a, b) => a - b),
      ).toEqual(ids);
      for (const { headers, body } of received) {
        const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
        const mac = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64")).update(signed);
        expect(headers["webhook-signature"]).toBe(`v1,${mac.digest("base64")}`);
      }
      expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(received.length);
    });

    it("posts a batch that failed again as a whole, with the same id, and lets other stations pass", async () => {
      const { clock, webhooks, happen, deliveries } = await start();
      let failing = true;
      const { url, received } = await receiver((response) => response.writeHead(failing ? 500 : 204).end());
      const { row } = await webhooks.add({ url, batch: { maxEvents: 10 }, active: false });
      await webhooks.change(row.id, { active: true });
      await happen("meter.values", { count: 1 }, "A");
      await eventually(async () => expect(await deliveries()).toMatchObject([{ attempts: 1 }]));
      const [first] = received;
      failing = false;
      // Later ones of its station wait behind it; those of another do not.
      for (let count = 2; count <= 4; count += 1) await happen("meter.values", { count }, count === 4 ? "B" : "A");
      const countsOf = ({ body }: Received): number[] =>
        (JSON.parse(body) as { data: { count: number } }[]).map(({ data }) => data.count);
      await eventually(() => expect(received.slice(1).map(countsOf)).toEqual([[4]]));
      await clock.advance(7_000);
      await webhooks.deliverDue(never);
      expect(received.slice(2).map(countsOf)).toEqual([[1], [2, 3]]);
      expect(received[2]?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
      expect(received[2]?.body).toBe(first?.body);
      expect((await deliveries()).every(({ status }) => status === "delivered")).toBe(true);
    });

    it("cuts what waits anew where batches are switched on or off", async () => {
      const { clock, webhooks, happen, deliveries } = await start({ concurrency: 1 });
      let failing = true;
      const { url, received } = await receiver((response) => response.writeHead(failing ? 500 : 204).end());
      const { row } = await webhooks.add({ url, batch: { maxEvents: 10, maxBytes: 5_000 } });
      expect(await webhooks.get(row.id)).toMatchObject({ batch_events: 10, batch_bytes: 5_000 });
      for (let count = 1; count <= 6; count += 1) await happen("meter.values", { count }, count % 2 === 0 ? "A" : "B");
      await eventually(async () => expect((await deliveries()).some(({ attempts }) => attempts > 0)).toBe(true));
      failing = false;
      received.length = 0;
      expect(await webhooks.change(row.id, { batch: null })).toMatchObject({ batch_events: null, batch_bytes: null });
      await eventually(async () => {
        await clock.advance(10_000);
        await webhooks.deliverDue(never);
        const left = (await deliveries()).filter(({ status }) => status !== "delivered");
        expect([left, await deliveries()]).toMatchObject([[], { length: 6 }]);
      });
      const counts = received.map(({ body }) => (JSON.parse(body) as { data: { count: number } }).data.count);
      for (const parity of [0, 1]) {
        const own = counts.filter((count) => count % 2 === parity);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
      expect(counts).toHaveLength(6);
    });

    it("posts over connections that are kept, also where the receiver has closed one", async () => {
      const { webhooks, happen, settled, deliveries } = await start();
      const target = await receiver();
      const { url, received } = target;
      await webhooks.add({ url });
      for (let count = 0; count < 30; count += 1) await happen("meter.values");
      await eventually(() => expect(received).toHaveLength(30));
      await settled();
      expect(target.connections()).toBe(1);
      target.dropIdle();
      await happen("meter.values");
      await eventually(() => expect(received).toHaveLength(31));
      await settled();
      expect((await deliveries()).every(({ status, attempts }) => status === "delivered" && attempts === 1)).toBe(true);
      expect(target.connections()).toBe(2);
    });

    it("posts to no address that is not public, however it is spelled or resolved, unless that is allowed", async () => {
      const { webhooks, happen, deliveries, store, infrastructure } = await start({ allowedNetworks: [] });
      const { url, received } = await receiver();
      const { port } = new URL(url);
      for (const host of ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:127.0.0.1]"]) {
        await expect(webhooks.add({ url: `http://${host}:${port}/` }), host).rejects.toThrow(InvalidRequestError);
      }
      const { row } = await webhooks.add({ url: `http://receiver.example:${port}/` });
      await expect(webhooks.change(row.id, { url })).rejects.toThrow("webhooks.allowedNetworks");
      // As the name server of an attacker does: public when somebody looks, and then another.
      resolveTo(null, [{ address: "127.0.0.1", family: 4 }]);
      await happen("station.booted");
      await eventually(async () => expect(await deliveries()).toMatchObject([{ status: "pending", attempts: 1 }]));
      expect((await deliveries())[0]?.last_error).toContain("no public address (loopback)");
      expect(received).toEqual([]);
      // One that was entered by an earlier version is held to the same.
      await store.write(store.reader.updateTable("webhooks").set({ url }).where("id", "=", row.id));
      const again = await createWebhooks(testInfrastructure(store, { configuration: infrastructure.configuration }));
      ending.push(() => again.close());
      await again.retry((await deliveries())[0]?.id ?? 0);
      await again.deliverDue(never);
      expect(received).toEqual([]);
    });

    it("says where a name leads nowhere", async () => {
      const { webhooks, happen, deliveries } = await start();
      await webhooks.add({ url: "http://receiver.example/" });
      resolveTo(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
      await happen("station.booted");
      await eventually(async () => expect(await deliveries()).toMatchObject([{ status: "pending", attempts: 1 }]));
      expect((await deliveries())[0]?.last_error).toBe("The receiver could not be reached (ENOTFOUND)");
    });

    it("drops what has waited for too long, and the oldest of the stations with most where too many wait, visibly", async () => {
      const { clock, webhooks, happen, deliveries, infrastructure } = await start({
        maxAge: 3_600,
        maxWaiting: 100,
      });
      const { url, received } = await receiver();
      const { row } = await webhooks.add({ url });
      // Switched off while something waits, as a receiver is that is away for days.
      const { url: away } = await receiver((response) => response.writeHead(500).end());
      const { row: other } = await webhooks.add({ url: away, kinds: ["meter"] });
      await webhooks.change(row.id, { kinds: ["station"] });
      for (let count = 0; count < 120; count += 1)
        await happen("meter.values", { count }, count < 10 ? "QUIET" : "LOUD");
      const own = async () => (await deliveries()).filter(({ webhook_id }) => webhook_id === other.id);
      await eventually(async () =>
        expect((await own()).filter(({ status }) => status === "dropped").length).toBeGreaterThanOrEqual(20),
      );
      const dropped = (await own()).filter(({ status }) => status === "dropped");
      expect(dropped.every(({ station_id }) => station_id === "LOUD")).toBe(true);
      expect(dropped[0]?.last_error).toContain("too many waited");
      expect(webhooks.waiting(other.id)).toBeLessThanOrEqual(100);
      await eventually(async () =>
        expect(webhooks.waiting(other.id)).toBe((await own()).filter(({ status }) => status === "pending").length),
      );
      await webhooks.change(other.id, { active: false });
      await clock.advance(3_601_000);
      await webhooks.deliverDue(never);
      expect((await own()).every(({ status }) => status === "dropped")).toBe(true);
      expect(webhooks.waiting(other.id)).toBe(0);
      const told = infrastructure.log.lines.filter(({ text }) =>
        text.startsWith("Deliveries to a webhook were dropped"),
      );
      expect(told.map(({ text }) => /\((\S+)\)/.exec(text)?.[1])).toEqual(
        expect.arrayContaining(["webhooks.maxWaiting", "webhooks.maxAge"]),
      );
      expect(await infrastructure.metrics.text()).toMatch(/ocpp_webhook_deliveries_total\{outcome="dropped"\} \d+/);
      // What was dropped can be sent again.
      await webhooks.change(other.id, { active: true, url });
      expect(await webhooks.retry(dropped[0]?.id ?? 0)).toBe(true);
      await eventually(() => expect(received).toHaveLength(1));
    });

    it("makes no more than there is room for", async () => {
      const { webhooks, store } = await start();
      for (let count = 0; count < 200; count += 1) await webhooks.add({ url: "https://example.com/", active: false });
      await expect(webhooks.add({ url: "https://example.com/" })).rejects.toThrow("There are 200 webhooks already");
      expect(await store.reader.selectFrom("webhooks").select("id").execute()).toHaveLength(200);
    });

    it.each([
      [{ url: "ftp://example.com/" }, "url"],
      [{ url: "http://10.0.0.1/" }, "url"],
      [{ url: "http://169.254.169.254/latest/meta-data/" }, "url"],
      [{ url: "https://example.com/", batch: { maxEvents: 0 } }, "batch.maxEvents"],
      [{ url: "https://example.com/", batch: { maxEvents: 501 } }, "batch.maxEvents"],
      [{ url: "https://example.com/", batch: { maxEvents: 5, maxBytes: 100 } }, "batch.maxBytes"],
      [{ url: "https://example.com/", batch: { maxEvents: 5, maxBytes: 1e9 } }, "batch.maxBytes"],
      [{ url: "nonsense" }, "url"],
      [{ url: "https://user:secret@example.com/" }, "url"],
      [{ url: `https://example.com/${"x".repeat(2_048)}` }, "url"],
      [{ url: "https://example.com/", kinds: [] }, "kinds"],
      [{ url: "https://example.com/", kinds: ["Station Booted"] }, "kinds"],
      [{ url: "https://example.com/", kinds: ["meter", "connecter"] }, "kinds"],
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
