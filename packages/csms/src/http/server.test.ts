import { connect } from "node:net";
import { Readable } from "node:stream";
import { manualClock } from "@ocpp/core";
import { afterEach, describe, expect, it } from "vitest";
import { OperationError } from "../commands/operations.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { ConflictError, InvalidRequestError, NotFoundError } from "../shared/service-error.ts";
import { StoreError } from "../store/store-error.ts";
import { type TestApi, testApi, testKeys } from "./api.fixture.ts";
import { ApiError } from "./api-error.ts";
import type { Resource } from "./resource.ts";

/** What a test of errors throws. */
const failures: Readonly<Record<string, unknown>> = {
  "not-found": new NotFoundError("There is no station CP9."),
  conflict: new ConflictError("It has ended."),
  invalid: new InvalidRequestError("type must be Soft or Hard"),
  away: new OperationError("NotConnected", "CP1 is not connected.", "c-1"),
  timeout: new OperationError("Timeout", "CP1 did not answer.", "c-2"),
  callerror: new OperationError("NotSupported", "no such thing", "c-3"),
  inherited: new OperationError("constructor", "odd", "c-4"),
  full: new StoreError("full", "no room"),
  unavailable: new StoreError("unavailable", "gone"),
  bug: new Error("the password is hunter2"),
  text: "thrown text",
  api: new ApiError(418, "short and stout", { kind: "teapot", headers: { "x-pot": "1" } }),
};

const echo: Resource = (app) => {
  app.route({
    method: "POST",
    url: "/echo/:id",
    config: { role: "operator" },
    schema: {
      params: { type: "object", properties: { id: { type: "integer" } } },
      querystring: {
        type: "object",
        properties: {
          kinds: { type: "array", items: { type: "string" } },
          numbers: { type: "array", items: { type: "integer" } },
          flag: { type: "boolean" },
          size: { type: "integer", default: 7 },
        },
      },
      body: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string" },
          count: { type: "integer" },
          payload: { type: "object" },
          inner: { type: "object", properties: { a: { type: "string" } } },
        },
      },
      // Too narrow on purpose: what it does not name must arrive all the same.
      response: { 200: { type: "object", properties: { body: { type: "object" } } } },
    },
    handler: (request) => ({ params: request.params, query: request.query, body: request.body }),
  });
  app.get("/fail/:how", { config: { role: "viewer" } }, (request) => {
    throw failures[(request.params as { how: string }).how];
  });
  app.get("/open", { config: { role: "open" } }, () => ({ open: true }));
  app.delete("/gone", { config: { role: "admin" } }, (_request, reply) => reply.code(204).send());
};

let api: TestApi | undefined;

async function start(options: Parameters<typeof testApi>[1] = {}): Promise<TestApi> {
  api = await testApi([echo], options);
  return api;
}

afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** A system log that keeps its lines. */
const systemLogOf = (lines: string[]): SystemLog => ({
  write: (_level, _source, text) => void lines.push(text),
  has: () => Promise.resolve(false),
});

describe("bodies and parameters", () => {
  it("reach their handler as they came", async () => {
    const { fastify } = await start();
    const body = '{"name":"a","payload":{"b":"1","a":1,"n":null,"list":["2",2]}}';
    const response = await fastify.inject({
      method: "POST",
      url: "/echo/5?kinds=a,b&kinds=c&numbers=1,2&flag=false",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.json()).toEqual({
      params: { id: 5 },
      query: { kinds: ["a", "b", "c"], numbers: [1, 2], flag: false, size: 7 },
      body: JSON.parse(body),
    });
    expect(response.body).toContain(`"body":${body}`);
  });

  it.each([
    ["a number in place of a text", { name: 5 }, "body", "name"],
    ["a text in place of a number", { name: "a", count: "5" }, "body", "count"],
    ["an unknown field", { name: "a", nme: "b" }, "body", "nme"],
    ["an unknown field further in", { name: "a", inner: { b: "c" } }, "body", "inner/b"],
    ["a missing field", {}, "body", "name"],
    ["a number beyond the safe ones", { name: "a", count: 1e30 }, "body", "count"],
  ])("are refused: %s", async (_what, body, where, field) => {
    const { fastify } = await start();
    const response = await fastify.inject({ method: "POST", url: "/echo/5", payload: body });
    expect(response.statusCode).toBe(400);
    expect(response.headers["content-type"]).toContain("application/problem+json");
    expect(response.json()).toMatchObject({ status: 400, instance: "/echo/5", errors: [{ in: where, field }] });
  });

  it.each([
    ["/echo/five", "path", "id"],
    ["/echo/5?flag=yes", "query", "flag"],
    ["/echo/5?numbers=1,x", "query", "numbers/1"],
    ["/echo/5?size=1&size=2", "query", "size"],
    ["/echo/5?other=1", "query", "other"],
    ["/echo/5?size=", "query", "size"],
    ["/echo/5?size=0x10", "query", "size"],
  ])("are refused: %s", async (url, where, field) => {
    const { fastify } = await start();
    const response = await fastify.inject({ method: "POST", url, payload: { name: "a" } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ in: where, field }] });
  });

  it.each([
    ["no JSON", "{", 400],
    ["a key that changes the prototype", '{"name":"a","payload":{"__proto__":{"x":1}}}', 400],
    ["a key that changes the constructor's", '{"name":"a","payload":{"constructor":{"prototype":{"x":1}}}}', 400],
    ["deep nesting", `{"name":"a","payload":{"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}}`, 400],
    ["a NUL character", '{"name":"a\\u0000"}', 400],
    ["too much", `{"name":"${"a".repeat(2_000_000)}"}`, 413],
  ])("are refused: %s", async (_what, body, status) => {
    const { fastify } = await start();
    const response = await fastify.inject({
      method: "POST",
      url: "/echo/5",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status });
  });

  it("may hold brackets and escapes in texts", async () => {
    const { fastify } = await start();
    const name = `${"[{".repeat(200)}\\u0000"`;
    const response = await fastify.inject({ method: "POST", url: "/echo/5", payload: { name } });
    expect(response.json()).toMatchObject({ body: { name } });
  });

  it("are JSON and nothing else", async () => {
    const { fastify } = await start();
    const headers = { "content-type": "text/plain" };
    const response = await fastify.inject({ method: "POST", url: "/echo/5", headers, body: "{}" });
    expect(response.statusCode).toBe(415);
    expect(response.headers["content-type"]).toContain("application/problem+json");
  });
});

describe("errors", () => {
  it.each([
    ["not-found", 404, { detail: "There is no station CP9." }],
    ["conflict", 409, { detail: "It has ended." }],
    ["invalid", 400, { type: "urn:ocpp-csms:problem:invalid-request" }],
    ["away", 409, { code: "NotConnected", commandId: "c-1", type: "urn:ocpp-csms:problem:not-connected" }],
    ["timeout", 504, { code: "Timeout", commandId: "c-2" }],
    ["callerror", 502, { code: "NotSupported", commandId: "c-3", detail: "no such thing" }],
    ["inherited", 502, { code: "constructor" }],
    ["api", 418, { type: "urn:ocpp-csms:problem:teapot" }],
  ])("%s is a %i", async (how, status, problem) => {
    const { fastify } = await start();
    const response = await fastify.inject(`/fail/${how}`);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status, instance: `/fail/${how}`, ...problem });
  });

  it.each(["full", "unavailable"])("of the store ask to come again: %s", async (how) => {
    const { fastify } = await start();
    const response = await fastify.inject(`/fail/${how}`);
    expect(response.statusCode).toBe(503);
    expect(response.headers["retry-after"]).toBe("5");
  });

  it.each(["bug", "text"])("that nobody meant to tell are logged and not told: %s", async (how) => {
    const { fastify, log } = await start();
    const response = await fastify.inject(`/fail/${how}`);
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain("hunter2");
    expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("say that there is nothing, or which methods there are", async () => {
    const { fastify } = await start();
    expect((await fastify.inject("/nothing")).json()).toMatchObject({ status: 404 });
    const wrong = await fastify.inject({ method: "PUT", url: "/echo/5?x=1" });
    expect(wrong.statusCode).toBe(405);
    expect(wrong.headers.allow).toBe("POST");
    expect((await fastify.inject({ method: "POST", url: "/open" })).headers.allow).toBe("GET, HEAD");
  });

  it("have the same shape for paths that cannot be read", async () => {
    const { fastify } = await start();
    const response = await fastify.inject("/fail/%E0%A4%A");
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ status: 400 });
  });

  it("have the same shape for what is no HTTP", async () => {
    const started = await start();
    await started.listen();
    const { port } = started;
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => socket.write("NONSENSE\r\n\r\n"));
      socket.on("data", (data) => (text += data.toString()));
      socket.on("close", () => {
        resolve(text);
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("application/problem+json");
  });
});

describe("closing", () => {
  it("waits for requests under way, and not for ever", async () => {
    const hang: Resource = (app) => {
      app.get("/hang", { config: { role: "open" } }, () => new Promise(() => {}));
    };
    const started = await testApi([hang]);
    await started.listen();
    const asked = fetch(`${started.url}/hang`).then(
      () => "answered",
      () => "cut",
    );
    await expect.poll(() => started.connections()).toBe(1);
    expect(await started.close(20)).toEqual([expect.stringMatching(/^GET \/hang [-0-9a-f]{36}$/)]);
    expect(await asked).toBe("cut");
  });

  it("tells of no request that was answered, such as a stream that goes on", async () => {
    const stream: Resource = (app) => {
      app.get("/stream", { config: { role: "open" } }, (_request, reply) => {
        const body = new Readable({ read: () => {} });
        body.push("begun");
        return reply.send(body);
      });
      app.get("/short", { config: { role: "open" } }, () => ({}));
    };
    const started = await testApi([stream]);
    await started.listen();
    expect((await fetch(`${started.url}/short`)).status).toBe(200);
    expect((await fetch(`${started.url}/stream`)).status).toBe(200);
    expect(await started.close(20)).toEqual([]);
  });
});

describe("answers", () => {
  it("have headers that keep browsers from mischief", async () => {
    const { fastify } = await start();
    const { headers } = await fastify.inject("/open");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    });
  });

  it("let the pages of configured origins read them, and no others", async () => {
    const { fastify } = await start({ configuration: { api: { cors: ["https://ops.example.com"] } } });
    const ask = (origin: string) =>
      fastify.inject({
        method: "OPTIONS",
        url: "/open",
        headers: { origin, "access-control-request-method": "GET" },
      });
    expect((await ask("https://ops.example.com")).headers["access-control-allow-origin"]).toBe(
      "https://ops.example.com",
    );
    expect((await ask("https://evil.example.com")).headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("without a key are audited in a bounded number, and the others counted", async () => {
    const lines: string[] = [];
    const systemLog = systemLogOf(lines);
    const { fastify, store } = await start({
      keyed: true,
      configuration: { api: { rateLimit: 0 } },
      services: () => ({ systemLog }),
    });
    const statuses = new Set<number>();
    for (let index = 0; index < 200; index += 1) {
      statuses.add((await fastify.inject({ method: "POST", url: `/made-up-${index}` })).statusCode);
    }
    expect(statuses).toEqual(new Set([401]));
    const headers = { "x-api-key": testKeys.admin };
    await fastify.inject({ method: "POST", url: "/mine", headers });
    await store.write(store.reader.deleteFrom("knocks"));
    const rows = await store.reader.selectFrom("audit").selectAll().execute();
    expect(rows.filter(({ actor }) => actor === "").length).toBeLessThan(70);
    expect(rows.at(-1)).toMatchObject({ actor: "admin", path: "/mine" });
    await api?.close();
    api = undefined;
    expect(lines).toEqual([expect.stringMatching(/^1[34]\d more requests to REST without a key/)]);
  });

  it("with a wrong key are audited, also where they only read, in a bounded number", async () => {
    const lines: string[] = [];
    const systemLog = systemLogOf(lines);
    const { fastify, store } = await start({ keyed: true, services: () => ({ systemLog }) });
    for (let index = 0; index < 20; index += 1) {
      const headers = index % 2 === 0 ? { "x-api-key": `wrong-${index}` } : { authorization: `Bearer wrong-${index}` };
      expect((await fastify.inject({ url: "/open", headers })).statusCode).toBe(200);
      expect((await fastify.inject({ url: `/nothing?key=${index}`, headers })).statusCode).toBe(401);
    }
    expect((await fastify.inject({ url: "/nothing" })).statusCode).toBe(401);
    const rows = () => store.reader.selectFrom("audit").selectAll().orderBy("id").execute();
    await expect.poll(rows).toHaveLength(20);
    const row = { actor: "", role: "", method: "GET", path: "/nothing", status: 401, remote_address: "127.0.0.1" };
    expect(await rows()).toEqual(Array.from({ length: 20 }, () => expect.objectContaining(row)));
    expect(JSON.stringify(await rows())).not.toContain("wrong-");
    await api?.close();
    api = undefined;
    expect(lines.slice(0, 2)).toEqual([
      "A request to REST had a wrong key; it came from 127.0.0.1",
      "A request to REST had a wrong key; it came from 127.0.0.1",
    ]);
    expect(lines.slice(10)).toEqual(["10 more requests to REST with a wrong key were refused"]);
  });

  it("with wrong keys are slowed down by address, while those with a right key are not", async () => {
    const clock = manualClock({ start: Date.parse("2026-01-01T00:00:00Z") });
    const { fastify } = await start({ keyed: true, clock, configuration: { api: { trustProxy: ["127.0.0.1"] } } });
    const ask = async (from: string, key: string) => {
      const { statusCode, headers } = await fastify.inject({
        url: "/nothing",
        headers: { "x-api-key": key, "x-forwarded-for": from },
      });
      return [statusCode, headers["retry-after"]];
    };
    for (let index = 0; index < 20; index += 1) expect(await ask("192.0.2.1", `k${index}`)).toEqual([401, undefined]);
    let answered = 0;
    const held = Array.from({ length: 7 }, async () => {
      const answer = await ask("192.0.2.1", "k");
      answered += 1;
      return answer;
    });
    // Five of them wait; each of those beyond would cost a connection, and is refused at once.
    await expect.poll(() => answered).toBe(2);
    expect(await ask("192.0.2.1", testKeys.viewer)).toEqual([404, undefined]);
    expect(await ask("192.0.2.2", "k")).toEqual([401, undefined]);
    await clock.advance(999);
    expect(answered).toBe(2);
    await clock.advance(1);
    expect(await Promise.all(held)).toEqual(Array.from({ length: 7 }, () => [429, expect.stringMatching(/^[23]$/)]));
    await clock.advance(60_000);
    expect(await ask("192.0.2.1", "k")).toEqual([401, undefined]);
  });

  it("are logged without their path, and changes are audited without their query", async () => {
    const { fastify, store, log } = await start({ keyed: true });
    await fastify.inject({
      method: "DELETE",
      url: "/gone?idTag=SECRET",
      headers: { "x-api-key": "admin-key-0000000000000" },
    });
    await fastify.inject({ method: "DELETE", url: "/gone" });
    const rows = () => store.reader.selectFrom("audit").selectAll().orderBy("id").execute();
    await expect.poll(rows).toMatchObject([
      { actor: "admin", role: "admin", method: "DELETE", path: "/gone", status: 204, remote_address: "127.0.0.1" },
      { actor: "", role: "", method: "DELETE", path: "/gone", status: 401 },
    ]);
    expect(JSON.stringify(log.lines)).not.toMatch(/SECRET|admin-key/);
    expect(JSON.stringify(log.lines)).toContain("/gone");
  });

  it.each([
    [["127.0.0.1"], "203.0.113.9"],
    [[], "127.0.0.1"],
  ])("are audited with the address that proxies %j tell of", async (trustProxy, address) => {
    const { fastify, store } = await start({ keyed: true, configuration: { api: { trustProxy } } });
    await fastify.inject({ method: "DELETE", url: "/gone", headers: { "x-forwarded-for": "203.0.113.9" } });
    const rows = () => store.reader.selectFrom("audit").select("remote_address").execute();
    await expect.poll(rows).toEqual([{ remote_address: address }]);
  });

  it("stop where somebody asks too often, by key or by address", async () => {
    const { fastify } = await start({ keyed: true, configuration: { api: { rateLimit: 2 } } });
    const ask = (key?: string) =>
      fastify.inject({ url: "/fail/api", headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
    const statuses = async (key?: string) => [
      (await ask(key)).statusCode,
      (await ask(key)).statusCode,
      (await ask(key)).statusCode,
    ];
    expect(await statuses("viewer-key-000000000000")).toEqual([418, 418, 429]);
    expect(await statuses("admin-key-0000000000000")).toEqual([418, 418, 429]);
    expect(await statuses()).toEqual([401, 401, 429]);
    const last = await ask();
    expect(last.headers["retry-after"]).toBeDefined();
    expect(last.json()).toMatchObject({ status: 429 });
  });
});
