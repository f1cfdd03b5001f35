import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { manualClock } from "@ocpp/core";
import { fastify, type LightMyRequestResponse } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { rawLogsResource } from "../compat/go-ocpp-server/raw-logs.ts";
import { messagesResource } from "../observability/rest/messages.ts";
import { databases } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import type { FrameRow } from "../store/tables/observability.ts";
import { type TestApi, testApi } from "./api.fixture.ts";
import { createLargeAnswers, type LargeAnswerLimits } from "./large-answers.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step();
});

const limits: LargeAnswerLimits = { parallel: 1, waiting: 1, patience: 1_000, stall: 5_000, whole: 20_000 };

/** A server with one answer of a megabyte in 64 pieces, which tells how many of them were made. */
async function served(): Promise<{
  readonly clock: ReturnType<typeof manualClock>;
  readonly url: string;
  readonly made: () => number;
  readonly client: () => Socket;
}> {
  const clock = manualClock();
  const large = createLargeAnswers(clock, limits);
  const app = fastify();
  let made = 0;
  app.get("/", (_request, reply) =>
    large.send(
      reply,
      (async function* () {
        yield "[";
        for (let piece = 0; piece < 64; piece += 1) {
          made += 1;
          yield `${piece === 0 ? "" : ","}"${"x".repeat(1_048_576)}"`;
        }
        yield "]";
      })(),
    ),
  );
  app.setErrorHandler((error: Error & { status?: number }, _request, reply) => reply.code(error.status ?? 500).send());
  await app.listen({ port: 0, host: "127.0.0.1" });
  closing.push(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  const { port } = app.server.address() as { port: number };
  return {
    clock,
    url: `http://127.0.0.1:${port}/`,
    made: () => made,
    client: () => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.pause();
      socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      return socket;
    },
  };
}

describe("a large answer", () => {
  it("is made as it is taken, and cut off where it is not", async () => {
    const { clock, made, client } = await served();
    const socket = client();
    await expect.poll(made).toBeGreaterThan(0);
    // What the system's buffers take, and not much more.
    await expect.poll(() => clock.settle().then(made)).toBeLessThan(40);
    const closed = once(socket, "close");
    await clock.advance(limits.stall);
    socket.resume();
    await closed;
    expect(made()).toBeLessThan(60);
  });

  it("waits for its turn, or is refused with 503", async () => {
    const { clock, url, made, client } = await served();
    const slow = client();
    await expect.poll(made).toBeGreaterThan(0);
    const second = fetch(url);
    const third = await fetch(url);
    const statuses = [third.status];
    // Whichever of the two came first waits; the other one is refused at once.
    slow.destroy();
    await clock.settle();
    const last = await second;
    statuses.push(last.status);
    expect(statuses.sort()).toEqual([200, 503]);
    for (const response of [third, last]) {
      if (response.status === 200) expect((await response.json()) as string[]).toHaveLength(64);
    }
    // The turn is free again.
    expect(((await (await fetch(url)).json()) as string[]).length).toBe(64);
  });

  it("that waits too long is refused, and its turn is not lost", async () => {
    const { clock, url, made, client } = await served();
    const slow = client();
    await expect.poll(made).toBeGreaterThan(0);
    const second = fetch(url);
    await expect.poll(() => clock.timers).toBeGreaterThan(2);
    await clock.advance(limits.patience);
    expect((await second).status).toBe(503);
    slow.destroy();
    expect((await fetch(url)).status).toBe(200);
  });
});

async function fill(store: Store, frames: readonly string[]): Promise<void> {
  for (const body of frames) {
    const id = store.nextId();
    const row: Omit<FrameRow, "length" | "digest"> = {
      id,
      station_id: "CS-1",
      at: id,
      direction: "inbound",
      type: 2,
      action: "X",
      message_id: "the same",
      body,
    };
    await store.write(store.reader.insertInto("frames").values(row));
  }
}

interface Message {
  readonly id: number;
  readonly frame: string;
}

describe("a list of long rows", () => {
  const open = async (): Promise<TestApi> => {
    const api = await testApi([messagesResource, rawLogsResource]);
    closing.push(() => api.close());
    return api;
  };

  it("has pages bounded by bytes, which together are the whole list in its order", async () => {
    const api = await open();
    const sizes = Array.from({ length: 60 }, (_none, index) => (index % 7 === 0 ? 1_000_000 : index * 1_000));
    await fill(
      api.store,
      sizes.map((size, index) => `${index} `.padEnd(size, "x")),
    );
    const found: number[] = [];
    let pages = 0;
    for (let next: string | undefined = "/api/v1/messages?limit=1000&order=asc"; next !== undefined; pages += 1) {
      const response: LightMyRequestResponse = await api.fastify.inject(next);
      expect(response.statusCode).toBe(200);
      expect(response.headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(response.body.length).toBeLessThan(5_500_000);
      for (const { frame } of response.json<Message[]>()) found.push(Number.parseInt(frame, 10));
      next = /<([^>]+)>; rel="next"/.exec(String(response.headers["link"]))?.[1];
    }
    expect(found).toEqual(sizes.map((_size, index) => index));
    expect(pages).toBeGreaterThan(2);
    // What is found with conditions that no index serves is bounded as well.
    const searched = await api.fastify.inject("/api/v1/messages?limit=1000&text=x&direction=inbound");
    expect(searched.body.length).toBeLessThan(5_500_000);
    expect(searched.headers["link"]).toContain('rel="next"');
  });

  it("shows one row at least, however long it is", async () => {
    const api = await open();
    await fill(api.store, ["a".repeat(6_000_000), "b".repeat(6_000_000)]);
    const first = await api.fastify.inject("/api/v1/messages?limit=1000");
    expect(first.json<Message[]>().map(({ frame }) => frame[0])).toEqual(["b"]);
    const next = /<([^>]+)>; rel="next"/.exec(String(first.headers["link"]))?.[1] ?? "";
    const second = await api.fastify.inject(next);
    expect(second.json<Message[]>().map(({ frame }) => frame[0])).toEqual(["a"]);
    expect(second.headers["link"]).not.toContain('rel="next"');
  });

  it("is written the same way whether in one piece or in many, also within an object", async () => {
    const api = await open();
    await fill(api.store, ["a", 'b"'.repeat(200_000), "c"]);
    const { count, logs } = (await api.fastify.inject("/api/raw-logs")).json<{
      count: number;
      logs: { message: string }[];
    }>();
    expect(count).toBe(3);
    expect(logs.map(({ message }) => message[0])).toEqual(["c", "b", "a"]);
    expect((await api.fastify.inject({ method: "HEAD", url: "/api/v1/messages" })).statusCode).toBe(200);
  });

  it("of exchanges is bounded, the newest being shown", async () => {
    const api = await open();
    await fill(
      api.store,
      Array.from({ length: 12 }, (_none, index) => `${index} `.padEnd(1_000_000, "x")),
    );
    const response = await api.fastify.inject("/api/v1/messages/the%20same");
    const { exchanges } = response.json<{ exchanges: { request: Message }[] }>();
    const shown = exchanges.map(({ request }) => Number.parseInt(request.frame, 10));
    expect(shown).toEqual([11, 10, 9, 8, 7]);
  });
});

for (const database of databases) {
  it(`rows are measured by bytes on ${database.name}`, async () => {
    const store = await database.open();
    closing.push(() => database.remove());
    await fill(store, ["é".repeat(10)]);
    const { textBytes } = await import("../store/long-texts.ts");
    const row = await store.reader.selectFrom("frames").select(textBytes("frames").as("bytes")).executeTakeFirst();
    expect(row).toEqual({ bytes: 20 });
  });
}
