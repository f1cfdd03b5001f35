import type { Resource } from "@ocpp/csms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Access, type Operation, operationsOf, readDocument } from "../rest-contract/api-document.ts";
import { openStage, type Stage } from "./stage.ts";

const ownKey = "access-own-key-00000001";
const roles = ["viewer", "operator", "admin"] as const;
const rank: Readonly<Record<Access, number>> = { open: 0, viewer: 1, operator: 2, admin: 3 };

let stage: Stage;
let operations: Operation[];
let served: string;
const keys = new Map<string, string>();

/** Looks at the routes of the server itself, which cannot leave one out. */
const look: Resource = (app) => {
  app.addHook("onReady", (done) => {
    served = app.printRoutes({ commonPrefix: false, includeHooks: false });
    done();
  });
};

beforeAll(async () => {
  stage = await openStage({ api: { key: ownKey, trustProxy: ["127.0.0.1"] } }, { apiKey: ownKey, resources: [look] });
  operations = operationsOf(await readDocument(stage.apiUrl));
  for (const role of roles) {
    const { key } = await stage.operator.post<{ readonly key: string }>("/api/v1/keys", { name: `the ${role}`, role });
    keys.set(role, key);
  }
});
afterAll(() => stage.close());

/** The status of a request about nothing that exists, with these headers. */
async function statusOf({ method, path }: Operation, headers: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(`${stage.apiUrl}${path.replaceAll(/\{[^}]+\}/g, "999999999")}`, {
    method,
    headers: { ...headers, ...(method === "GET" || method === "DELETE" ? {} : { "content-type": "application/json" }) },
    // A body that no operation takes, so that none is carried out.
    ...(method === "GET" || method === "DELETE" ? {} : { body: '{"nothing such":true}' }),
    redirect: "manual",
  });
  await response.body?.cancel();
  return response.status;
}

describe("authorization, of each operation and each role", () => {
  it("covers every route that is served", () => {
    expect(operations.length).toBeGreaterThan(100);
    const documented = new Set(
      operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    const routes = routesOf(served);
    expect(routes.length).toBeGreaterThan(50);
    const left = routes.filter((route) => !documented.has(route) && !route.startsWith("GET /docs"));
    expect(left).toEqual([]);
  });

  it("lets nobody in without a key, but where no key is needed", async () => {
    for (const operation of operations) {
      const status = await statusOf(operation, {});
      if (operation.access === "open") expect([401, 403], operation.name).not.toContain(status);
      else expect(status, operation.name).toBe(401);
    }
  });

  it("lets nobody in with a key that is none", async () => {
    const wrong = ["", "x", "' or '1'='1", `${ownKey}x`, ownKey.slice(0, -1), ownKey.toUpperCase(), "0".repeat(64)];
    const headers = wrong.flatMap((key) => [{ "x-api-key": key }, { authorization: `Bearer ${key}` }]);
    headers.push({ authorization: `Basic ${Buffer.from(`admin:${ownKey}`).toString("base64")}` });
    let asked = 0;
    for (const operation of operations.filter(({ access }) => access !== "open")) {
      for (const header of headers) {
        // Each from an address of its own, since one with many wrong keys is slowed down.
        const from = `10.0.${(asked += 1) >> 8}.${asked & 255}`;
        expect(await statusOf(operation, { ...header, "x-forwarded-for": from }), operation.name).toBe(401);
      }
    }
  });

  it.each(roles)("lets the role %s do what it may, and nothing else", async (role) => {
    const key = keys.get(role) ?? "";
    for (const operation of operations) {
      for (const header of [{ "x-api-key": key }, { authorization: `Bearer ${key}` }]) {
        const status = await statusOf(operation, header);
        if (rank[operation.access] <= rank[role]) expect([401, 403], operation.name).not.toContain(status);
        else expect(status, operation.name).toBe(403);
      }
    }
  });

  it("keeps changes from a viewer, and keys and passwords from an operator", () => {
    for (const { method, access, name } of operations) {
      // What changes something, or makes a station do something, is not for those who only look.
      if (method !== "GET") expect(rank[access], name).toBeGreaterThan(rank.viewer);
      if (/^\/api\/(?:keys|privacy|audit)/.test(name.split(" ")[1] ?? "")) expect(access, name).toBe("admin");
    }
  });

  it("lets nobody in with a key that was revoked, or has expired", async () => {
    const { operator } = stage;
    const made = await operator.post<{ id: number; key: string }>("/api/v1/keys", {
      name: "short-lived",
      role: "admin",
    });
    const [some] = operations.filter(({ access }) => access === "viewer");
    if (some === undefined) throw new Error("There is no operation for viewers");
    expect(await statusOf(some, { "x-api-key": made.key })).not.toBe(401);
    await operator.remove(`/api/v1/keys/${made.id}`);
    expect(await statusOf(some, { "x-api-key": made.key })).toBe(401);
    const past = { name: "past", role: "admin", expiresAt: new Date(Date.now() - 1_000).toISOString() };
    const answer = await operator.request("POST", "/api/v1/keys", past);
    if (answer.status < 400) {
      expect(await statusOf(some, { "x-api-key": (answer.body as { key: string }).key })).toBe(401);
    } else expect(answer.status).toBe(400);
  });

  it("tells nobody without a key what is there: unknown paths and methods need one as well", async () => {
    const requests: [string, string][] = [
      ["GET", "/api/nothing"],
      ["POST", "/api/stations/../keys"],
      ["DELETE", "/api/v1/transactions"],
      ["GET", "/API/KEYS"],
      ["GET", "//api/v1/keys"],
      ["GET", "/api/v1/keys/"],
      ["GET", "/api/%6beys"],
      ["GET", "/api;x=y/keys"],
    ];
    for (const [method, path] of requests) {
      const response = await fetch(`${stage.apiUrl}${path}`, { method });
      expect(response.status, path).toBe(401);
      expect(await response.text()).not.toContain("prefix");
    }
  });
});

/** The routes that a server prints, as `METHOD /path`. */
function routesOf(text: string): string[] {
  const found: string[] = [];
  const stack: string[] = [];
  for (const line of text.split("\n")) {
    const match = /^([│\s]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (match === null) continue;
    const [, indent = "", part = "", methods] = match;
    const depth = indent.length / 4;
    stack.length = depth;
    stack.push(part);
    for (const method of methods?.split(", ") ?? []) {
      if (method !== "HEAD" && method !== "OPTIONS") found.push(`${method} ${stack.join("")}`);
    }
  }
  return found;
}
