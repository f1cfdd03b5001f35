import { afterEach, describe, expect, it } from "vitest";
import { isStillAllowed } from "./access.ts";
import { type TestApi, testApi, testKeys } from "./api.fixture.ts";
import type { Resource } from "./resource.ts";

const routes: Resource = (app) => {
  for (const role of ["viewer", "operator", "admin", "open"] as const) {
    app.get(`/${role}`, { config: { role } }, (request) => ({ caller: request.caller?.name ?? null }));
  }
};

let api: TestApi | undefined;

async function start(options: Parameters<typeof testApi>[1] = {}): Promise<TestApi> {
  api = await testApi([routes], options);
  return api;
}

afterEach(async () => {
  await api?.close();
  api = undefined;
});

describe("roles", () => {
  it.each([
    ["viewer", [200, 403, 403, 200]],
    ["operator", [200, 200, 403, 200]],
    ["admin", [200, 200, 200, 200]],
    ["nobody", [401, 401, 401, 200]],
  ] as const)("%s may do what is its own and what is below", async (role, expected) => {
    const { fastify } = await start({ keyed: true });
    const headers = role === "nobody" ? {} : { authorization: `Bearer ${testKeys[role]}` };
    const statuses = [];
    for (const url of ["/viewer", "/operator", "/admin", "/open"]) {
      statuses.push((await fastify.inject({ url, headers })).statusCode);
    }
    expect(statuses).toEqual(expected);
  });

  it("come with the key in either header, and never without a right one", async () => {
    const { fastify } = await start({ keyed: true });
    const ask = async (headers: Record<string, string>) =>
      (await fastify.inject({ url: "/admin", headers })).statusCode;
    expect(await ask({ "x-api-key": testKeys.admin })).toBe(200);
    expect(await ask({ authorization: `bearer ${testKeys.admin}` })).toBe(200);
    expect(await ask({ authorization: testKeys.admin })).toBe(401);
    expect(await ask({ "x-api-key": `${testKeys.admin}0` })).toBe(401);
    expect(await ask({ "x-api-key": "constructor" })).toBe(401);
    const refused = await fastify.inject("/admin");
    expect(refused.headers["www-authenticate"]).toContain("Bearer");
  });

  it("include the configured key, which is an admin's", async () => {
    const { fastify } = await start({ configuration: { api: { key: "configured-key-0123" } } });
    const response = await fastify.inject({ url: "/admin", headers: { "x-api-key": "configured-key-0123" } });
    expect(response.json()).toEqual({ caller: "configuration" });
    expect((await fastify.inject("/viewer")).statusCode).toBe(401);
  });

  it("hide from strangers what there is not", async () => {
    const { fastify } = await start({ keyed: true });
    expect((await fastify.inject("/nothing")).statusCode).toBe(401);
    const response = await fastify.inject({ url: "/nothing", headers: { "x-api-key": testKeys.viewer } });
    expect(response.statusCode).toBe(404);
  });

  it("must stand at every route", async () => {
    const careless: Resource = (app) => {
      app.get("/careless", () => "");
    };
    await expect(testApi([careless])).rejects.toThrow(/GET \/careless.*role/);
  });
});

describe("without keys", () => {
  it("whoever sits at the machine is an admin", async () => {
    const { fastify } = await start();
    for (const host of ["localhost:9001", "127.0.0.1:9001", "[::1]:9001", "127.8.9.1"]) {
      const response = await fastify.inject({ url: "/admin", headers: { host } });
      expect(response.json()).toEqual({ caller: "local" });
    }
  });

  it.each(["evil.example.com", "evil.example.com:9001", "127.0.0.1.evil.com", "localhost.evil.com", "192.168.1.5"])(
    "requests for the host %j are refused",
    async (host) => {
      const { fastify } = await start();
      const response = await fastify.inject({ url: "/viewer", headers: { host } });
      expect(response.statusCode).toBe(403);
      expect(response.json()).toMatchObject({ type: "urn:ocpp-csms:problem:foreign-host" });
    },
  );

  it("requests of pages of other origins are refused, unless they are configured", async () => {
    const { fastify } = await start({ configuration: { api: { cors: ["http://localhost:3000"] } } });
    const ask = async (origin: string) =>
      (await fastify.inject({ url: "/admin", headers: { host: "localhost:9001", origin } })).statusCode;
    expect(await ask("http://localhost:9001")).toBe(200);
    expect(await ask("http://localhost:3000")).toBe(200);
    expect(await ask("http://localhost:4000")).toBe(403);
    expect(await ask("https://evil.example.com")).toBe(403);
    expect(await ask("null")).toBe(403);
  });

  it("all origins in the configuration are none here", async () => {
    const { fastify } = await start({ configuration: { api: { cors: ["*"] } } });
    const response = await fastify.inject({ url: "/admin", headers: { origin: "https://evil.example.com" } });
    expect(response.statusCode).toBe(403);
  });

  it.each([{ "x-forwarded-for": "10.0.0.1" }, { forwarded: "for=10.0.0.1" }, { via: "1.1 proxy" }])(
    "requests that come through a proxy on this machine need one: %j",
    async (headers) => {
      const { fastify } = await start();
      expect((await fastify.inject({ url: "/viewer", headers })).statusCode).toBe(401);
    },
  );

  it("the server listens on loopback only", async () => {
    const open = await start({ configuration: { api: { host: "0.0.0.0" } } });
    await expect(open.listen()).rejects.toThrow(/0\.0\.0\.0 without an API key/);
    expect(open.port).toBe(0);
    expect((await open.fastify.inject("/viewer")).statusCode).toBe(401);
  });
});

it("with a key the server listens anywhere, and over a real socket serves its holder", async () => {
  const started = await start({ keyed: true, configuration: { api: { host: "0.0.0.0" } } });
  await started.listen();
  const url = `http://127.0.0.1:${started.port}/viewer`;
  expect((await fetch(url)).status).toBe(401);
  const response = await fetch(url, { headers: { "x-api-key": testKeys.viewer } });
  expect(await response.json()).toEqual({ caller: "viewer" });
});

describe("a request that goes on", () => {
  it("is allowed while its key is in force", async () => {
    const api = await testApi(
      [
        (app, { apiKeys }) => {
          app.get("/long", { config: { role: "viewer" } }, async (request) => {
            const before = await isStillAllowed(request, apiKeys);
            for (const { id } of await apiKeys.list()) await apiKeys.revoke(id);
            return [before, await isStillAllowed(request, apiKeys)];
          });
        },
      ],
      { keyed: true },
    );
    const { body } = await api.fastify.inject({ url: "/long", headers: { "x-api-key": testKeys.viewer } });
    expect(JSON.parse(body)).toEqual([true, false]);
    await api.close();
  });
});
