import { connect } from "node:net";
import { promisify } from "node:util";
import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type TestApi, testApi } from "../../http/api.fixture.ts";
import { anyEvent } from "../any-event.fixture.ts";
import { openStream, type StreamClient } from "../feed/reading.fixture.ts";
import type { EventKind } from "../kinds.ts";
import { eventsResource } from "./events.ts";

let api: TestApi;
const clients: StreamClient[] = [];

async function start(): Promise<void> {
  api = await testApi([eventsResource], { configuration: { api: { port: 0 } } });
  await api.listen();
}

async function stream(query = "", headers: Readonly<Record<string, string>> = {}): Promise<StreamClient> {
  const client = await openStream(`${api.url}/api/v1/events/stream${query}`, headers);
  clients.push(client);
  return client;
}

/** Keeps an event, and resolves when it can be read. */
async function happen(
  number: number,
  stationId: string | null = "CP1",
  kind: EventKind = "station.heartbeat",
): Promise<void> {
  await api.services.events.commit([], [anyEvent(stationId, kind, { number })]);
}

const numbers = (frames: readonly { readonly data: unknown }[]): unknown[] =>
  frames.map(({ data }) => (data as { data: { number: number } }).data.number);

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await api.close();
});

describe("the stream of events", () => {
  it("tells of what happens from now on, each with an id, a kind and JSON", async () => {
    await start();
    await happen(1);
    const client = await stream();
    await happen(2, "CP2", "transaction.started");
    const [frame] = await client.frames(1);
    expect(frame).toEqual({
      id: expect.any(Number) as number,
      event: "transaction.started",
      data: {
        id: frame?.id,
        kind: "transaction.started",
        stationId: "CP2",
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        data: { number: 2 },
      },
    });
  });

  it("is one that browsers and proxies understand", async () => {
    await start();
    const { headers } = await stream();
    expect(headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect([headers["cache-control"], headers["x-accel-buffering"]]).toEqual(["no-store", "no"]);
  });

  it("resumes after the id of Last-Event-ID, which counts before since", async () => {
    await start();
    for (const number of [1, 2, 3, 4]) await happen(number);
    const first = await stream("?since=0");
    const seen = await first.frames(4);
    expect(numbers(seen)).toEqual([1, 2, 3, 4]);
    const again = await stream("?since=0", { "last-event-id": String(seen[1]?.id) });
    expect(numbers(await again.frames(2))).toEqual([3, 4]);
  });

  it("lets through what the filter asks for, from history and live", async () => {
    await start();
    await happen(1, "CP1", "transaction.started");
    await happen(2, "CP2", "transaction.started");
    const client = await stream("?since=0&stationId=CP1,CP3&kind=transaction,connector.status");
    await client.frames(1);
    await happen(3, "CP1", "station.booted");
    await happen(4, "CP3", "connector.status");
    await happen(5, null, "system.log");
    await happen(6, "CP1", "transaction.ended");
    expect(numbers(await client.frames(3))).toEqual([1, 4, 6]);
  });

  it("loses and repeats nothing between history and live, however many read while much happens", async () => {
    await start();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ before: fc.nat(30), appended: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        async (plan) => {
          const from = await api.services.events.newest();
          let number = 0;
          const writes: Promise<unknown>[] = [];
          const readers: StreamClient[] = [];
          for (const { before, appended } of plan) {
            for (let count = 0; count <= before; count++) {
              number += 1;
              const event = anyEvent("CP1", "meter.values", { number });
              if (appended) api.services.events.append(event);
              else writes.push(api.services.events.commit([], [event]));
            }
            readers.push(await stream(`?since=${from}`));
          }
          await Promise.all(writes);
          const expected = Array.from({ length: number }, (_, index) => index + 1);
          for (const reader of readers) {
            const frames = await reader.frames(number);
            expect(numbers(frames)).toEqual(expected);
            expect(frames.map(({ id }) => id)).toEqual(
              frames.map(({ id }) => id).toSorted((one, other) => (one ?? 0) - (other ?? 0)),
            );
            reader.close();
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it("serves a reader who falls behind from the store, in order and with nothing left out", async () => {
    await start();
    const client = await stream();
    const text = "x".repeat(500);
    for (let number = 1; number <= 6000; number++) {
      api.services.events.append(anyEvent("CP1", "meter.values", { number, text }));
    }
    const frames = await client.frames(6000);
    expect(numbers(frames)).toEqual(Array.from({ length: 6000 }, (_, index) => index + 1));
  });

  it("cuts off a reader who takes nothing for half a minute, and lets it resume where it was", async () => {
    const clock = manualClock();
    api = await testApi([eventsResource], { clock, configuration: { api: { port: 0 } } });
    await api.listen();
    const client = await stream("?since=0");
    // More than sockets keep on their own.
    const text = "x".repeat(60_000);
    const last = 400;
    const all = Array.from({ length: last }, (_, index) => ({ number: index + 1, text }));
    await api.services.events.commit(
      [],
      all.map((data) => anyEvent("CP1", "meter.values", data)),
    );
    await clock.advance(1000);
    // It reads the beginning, and then nothing until the server has given it up.
    const first = await client.frames(3);
    const connections = promisify(api.fastify.server.getConnections.bind(api.fastify.server));
    while ((await connections()) > 0) {
      await clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await client.end().catch(() => undefined);
    expect(client.text()).not.toContain(`"number":${last},`);

    const got = (await client.frames(first.length)).filter(({ id }) => id !== undefined);
    const seen = numbers(got);
    expect(seen).toEqual(Array.from(seen, (_, index) => index + 1));
    const again = await stream("", { "last-event-id": String(got.at(-1)?.id) });
    const rest = await again.frames(last - seen.length);
    expect(numbers(rest)).toEqual(Array.from({ length: last - seen.length }, (_, index) => seen.length + index + 1));
  });

  it("ends with the reason when the server closes", async () => {
    await start();
    const client = await stream();
    await client.until("retry:");
    await api.fastify.close();
    await client.end();
    expect(client.text()).toMatch(/event: end\ndata: \{"reason":"shutdown"\}\n\n$/);
  });

  it("lets go of a reader who goes away", async () => {
    await start();
    const socket = connect(api.port, "127.0.0.1");
    socket.write("GET /api/v1/events/stream HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await happen(1);
    const other = await stream("?since=0");
    expect(numbers(await other.frames(1))).toEqual([1]);
  });

  it("is not there for HEAD, which would wait for its end", async () => {
    await start();
    const response = await api.fastify.inject({ method: "HEAD", url: "/api/v1/events/stream" });
    expect([404, 405]).toContain(response.statusCode);
  });

  it("refuses what is no id", async () => {
    await start();
    const response = await api.fastify.inject({ url: "/api/v1/events/stream", headers: { "last-event-id": "first" } });
    expect([response.statusCode, response.json()]).toEqual([400, expect.objectContaining({ status: 400 })]);
  });
});

describe("the list of events", () => {
  it("has the newest first, and pages by Link", async () => {
    await start();
    for (let number = 1; number <= 5; number++) await happen(number);
    const seen: unknown[] = [];
    let url: string | undefined = "/api/v1/events?limit=2";
    while (url !== undefined) {
      const response: Awaited<ReturnType<typeof api.fastify.inject>> = await api.fastify.inject(url);
      seen.push(...response.json<{ data: { number: number } }[]>().map(({ data }) => data.number));
      url = /<([^>]+)>; rel="next"/.exec(String(response.headers["link"]))?.[1];
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it("narrows by id, station, kind and time", async () => {
    await start();
    await happen(1, "CP1", "transaction.started");
    await happen(2, "CP2", "transaction.ended");
    await happen(3, "CP1", "station.booted");
    const found = async (query: string): Promise<unknown> =>
      (await api.fastify.inject(`/api/v1/events?${query}`))
        .json<{ data: { number: number } }[]>()
        .map(({ data }) => data.number);
    const [, middle] = (await api.fastify.inject("/api/v1/events")).json<{ id: number }[]>();
    expect(await found(`after=${middle?.id}`)).toEqual([3]);
    expect(await found("stationId=CP1")).toEqual([3, 1]);
    expect(await found("kind=transaction")).toEqual([2, 1]);
    for (const path of ["/api/v1/events", "/api/v1/events/stream"]) {
      const refused = await api.fastify.inject(`${path}?kind=transaction,transaction.startd`);
      expect(refused.statusCode).toBe(400);
      expect(refused.body).toContain("(did you mean transaction.started?).");
    }
    expect(await found("kind=transaction.ended")).toEqual([2]);
    expect(await found("kind=transaction.ended,station&stationId=CP1,CP2")).toEqual([3, 2]);
    expect(await found("since=2020-01-01&until=2021-01-01")).toEqual([]);
    expect(await found("since=2020-01-01")).toEqual([3, 2, 1]);
  });
});
