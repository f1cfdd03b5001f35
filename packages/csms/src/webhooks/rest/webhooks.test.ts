import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";

let bench: ContractBench;
let receiver: Server;
let url: string;
/** What the receiver answers with. */
let status = 200;
const received: unknown[] = [];

beforeAll(async () => {
  bench = await contractBench({ configuration: { webhooks: { allowedNetworks: ["127.0.0.0/8"] } } });
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (piece: Buffer) => (text += piece.toString()));
    request.on("end", () => {
      received.push(JSON.parse(text));
      response.writeHead(status).end();
    });
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
  receiver.close();
});

async function added(body: object): Promise<{ id: number; secret: string }> {
  const answer = await bench.ask("POST", "/api/v1/webhooks", { url, ...body });
  expect(answer.status).toBe(201);
  return answer.json as { id: number; secret: string };
}

describe("webhooks", () => {
  it("tell their secret once, when they are made", async () => {
    const { id, secret } = await added({ kinds: ["transaction"], stationIds: ["CP1"], active: false });
    expect(secret.length).toBeGreaterThan(20);
    const shown = await bench.ask("GET", `/api/v1/webhooks/${id}`);
    expect(shown.json).toMatchObject({ id, url, kinds: ["transaction"], stationIds: ["CP1"], active: false });
    const listed = await bench.ask("GET", "/api/v1/webhooks");
    for (const { text } of [
      shown,
      listed,
      await bench.ask("GET", "/api/v1/audit"),
      await bench.ask("GET", "/api/v1/events"),
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it("are changed and removed", async () => {
    const { id } = await added({ kinds: ["station"], active: false });
    const changed = await bench.ask("PATCH", `/api/v1/webhooks/${id}`, { kinds: null, stationIds: ["CP9"] });
    expect(changed.json).toMatchObject({ url, kinds: null, stationIds: ["CP9"], active: false });
    expect((await bench.ask("DELETE", `/api/v1/webhooks/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/deliveries"],
      ["DELETE", ""],
    ] as const) {
      expect((await bench.ask(method, `/api/v1/webhooks/${id}${path}`)).status).toBe(404);
    }
    expect((await bench.ask("PATCH", `/api/v1/webhooks/${id}`, { active: true })).status).toBe(404);
  });

  it.each([
    "ftp://example.com/x",
    "javascript:alert(1)",
    "example.com",
    "http://user:secret@example.com/",
    "file:///etc/passwd",
  ])("are refused for %s, without repeating it", async (wrong) => {
    const { status: answered, text } = await bench.ask("POST", "/api/v1/webhooks", { url: wrong });
    expect([answered, text.includes("secret")]).toEqual([400, false]);
  });

  it("post in batches where they are told to, and show how many wait", async () => {
    const { id } = await added({ active: false, batch: { maxEvents: 50, maxBytes: 100_000 } });
    const shown = async (): Promise<unknown> => (await bench.ask("GET", `/api/v1/webhooks/${id}`)).json;
    expect(await shown()).toMatchObject({ batch: { maxEvents: 50, maxBytes: 100_000 }, waiting: 0 });
    await bench.ask("PATCH", `/api/v1/webhooks/${id}`, { batch: { maxEvents: 5 } });
    expect(await shown()).toMatchObject({ batch: { maxEvents: 5 } });
    for (const batch of [{}, { maxEvents: 0 }, { maxEvents: 501 }, { maxEvents: 5, maxBytes: 1 }, "all"]) {
      expect((await bench.ask("PATCH", `/api/v1/webhooks/${id}`, { batch })).status).toBe(400);
    }
    // Which the schema cannot know, since it is the configuration's.
    const tooLong = await bench.ask("PATCH", `/api/v1/webhooks/${id}`, {
      batch: { maxEvents: 5, maxBytes: 1_000_000 },
    });
    expect([tooLong.status, tooLong.text.includes("webhooks.maxBody")]).toEqual([400, true]);
    await bench.ask("PATCH", `/api/v1/webhooks/${id}`, { batch: null });
    expect(await shown()).toMatchObject({ batch: null });
  });

  it("are refused for addresses that are not public, with a reason", async () => {
    const { status: answered, json } = await bench.ask("POST", "/api/v1/webhooks", { url: "http://169.254.169.254/" });
    expect(answered).toBe(400);
    expect((json as { detail: string }).detail).toMatch(/not public \(metadata\).*webhooks\.allowedNetworks/);
  });

  it("tell what became of deliveries, and let dead letters go again", async () => {
    const { store } = bench.csms.services;
    const { id } = await added({ kinds: ["station.registered"] });
    await bench.ask("POST", "/api/v1/stations", { id: "CPW" });
    await vi.waitFor(() => {
      expect(received).toContainEqual(expect.objectContaining({ kind: "station.registered" }) as unknown);
    });
    const deliveries = async (query = ""): Promise<{ id: number; status: string }[]> =>
      (await bench.ask("GET", `/api/v1/webhooks/${id}/deliveries${query}`)).json as { id: number; status: string }[];
    await vi.waitFor(async () => {
      expect(await deliveries("?status=delivered")).toHaveLength(1);
    });
    const [delivery] = await deliveries();
    expect(await deliveries("?status=dead")).toEqual([]);

    // As the retries leave it when all have failed.
    await store.write(
      store.reader
        .updateTable("deliveries")
        .set({ status: "dead", last_status: 500 })
        .where("id", "=", delivery?.id ?? 0),
    );
    status = 500;
    expect((await bench.ask("GET", "/api/v1/dead-letters")).json).toMatchObject([
      { id: delivery?.id, webhookId: id, status: "dead", lastStatus: 500 },
    ]);
    const again = await bench.ask("POST", `/api/v1/dead-letters/${delivery?.id}/retry`);
    expect([again.status, (again.json as { status: string }).status]).toEqual([200, "pending"]);
    expect((await bench.ask("GET", "/api/v1/dead-letters")).json).toEqual([]);
    expect((await bench.ask("POST", "/api/v1/dead-letters/1/retry")).status).toBe(404);
  });
});
