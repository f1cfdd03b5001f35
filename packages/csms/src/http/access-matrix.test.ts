import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resources } from "../resources.ts";
import type { Access } from "./access.ts";
import { testApi } from "./api.fixture.ts";
import { type ContractBench, contractBench } from "./contract.fixture.ts";
import type { Resource, Role } from "./resource.ts";

/* Every endpoint with every role: nobody gets further than the route says. */

const roles: readonly Role[] = ["viewer", "operator", "admin"];
const adminKey = "the-key-of-the-admin-1";

interface Endpoint {
  readonly method: string;
  readonly url: string;
  readonly role: Access;
}

const endpoints: Endpoint[] = [];
const keys: Record<string, string> = { admin: adminKey };
let bench: ContractBench;

beforeAll(async () => {
  const collect: Resource = (app) => {
    app.addHook("onRoute", ({ method, url, config }) => {
      for (const one of [method].flat()) {
        if (one !== "HEAD" && one !== "OPTIONS") endpoints.push({ method: one, url, role: config?.role ?? "admin" });
      }
    });
  };
  await (await testApi([collect, ...resources])).close();
  bench = await contractBench({ configuration: { api: { key: adminKey, trustProxy: ["127.0.0.1"] } } });
  for (const role of ["viewer", "operator"]) {
    const { json } = await bench.ask("POST", "/api/v1/keys", { name: role, role }, { "x-api-key": adminKey });
    keys[role] = (json as { key: string }).key;
  }
});

afterAll(async () => {
  await bench.close();
});

async function statusOf({ method, url }: Endpoint, key?: string, from = "192.0.2.1"): Promise<number> {
  const path = url.replace(/:\w+/g, "1").replace("*", "x");
  const headers = { "x-forwarded-for": from, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  return (await bench.ask(method, path, method === "GET" ? undefined : {}, headers)).status;
}

describe("every endpoint", () => {
  it("has been found", () => {
    expect(endpoints.length).toBeGreaterThan(60);
  });

  it("refuses whoever has no key, or a wrong one", async () => {
    // Each from an address of its own, since many wrong keys of one address are slowed down.
    for (const [index, endpoint] of endpoints.filter(({ role }) => role !== "open").entries()) {
      const name = `${endpoint.method} ${endpoint.url}`;
      expect(await statusOf(endpoint), name).toBe(401);
      expect(
        await statusOf(endpoint, "not-a-key", `198.51.${Math.floor(index / 250)}.${1 + (index % 250)}`),
        name,
      ).toBe(401);
    }
  });

  it.each(roles)("lets %s do what the role allows, and no more", async (role) => {
    for (const endpoint of endpoints) {
      const name = `${endpoint.method} ${endpoint.url}`;
      const allowed = endpoint.role === "open" || roles.indexOf(role) >= roles.indexOf(endpoint.role);
      // A stream does not end, so only its refusal can be looked at.
      if (allowed && endpoint.url.endsWith("/stream")) continue;
      const status = await statusOf(endpoint, keys[role]);
      if (allowed) expect([401, 403], name).not.toContain(status);
      else expect(status, name).toBe(403);
    }
  });

  it("that changes something is for operators at least", () => {
    const loose = endpoints.filter(({ method, role }) => method !== "GET" && (role === "viewer" || role === "open"));
    expect(loose).toEqual([]);
  });

  it("that needs no key tells nothing of stations", () => {
    const open = endpoints.filter(({ role }) => role === "open").map(({ url }) => url);
    expect(open.sort()).toEqual(["/health", "/ready"]);
  });
});
