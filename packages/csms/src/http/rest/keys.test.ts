import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ContractBench, contractBench } from "../contract.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
});

afterAll(async () => {
  expect(bench.violations).toEqual([]);
  await bench.close();
});

describe("keys and the audit log", () => {
  it("tell a key once, let it in by its role, and keep who changed what", async () => {
    const make = async (name: string, role: string): Promise<{ id: number; key: string }> =>
      (await bench.ask("POST", "/api/v1/keys", { name, role, expiresAt: "2099-01-01T00:00:00Z" }, as)).json as {
        id: number;
        key: string;
      };
    let as: Record<string, string> = {};
    const admin = await make("boss", "admin");
    // From the first key on nobody comes in without one.
    expect((await bench.ask("GET", "/api/v1/tokens")).status).toBe(401);
    as = { authorization: `Bearer ${admin.key}` };
    const viewer = await make("wall", "viewer");
    const theirs = { "x-api-key": viewer.key };

    expect((await bench.ask("GET", "/api/v1/tokens", undefined, theirs)).status).toBe(200);
    expect((await bench.ask("PUT", "/api/v1/tokens/T9", {}, theirs)).status).toBe(403);
    for (const path of ["keys", "audit", "webhooks", "dead-letters"]) {
      expect((await bench.ask("GET", `/api/v1/${path}`, undefined, theirs)).status, path).toBe(403);
    }
    const listed = await bench.ask("GET", "/api/v1/keys", undefined, as);
    expect(listed.json).toMatchObject([{ name: "boss" }, { name: "wall", role: "viewer", revokedAt: null }]);
    for (const { key } of [admin, viewer]) expect(listed.text).not.toContain(key);

    expect((await bench.ask("DELETE", `/api/v1/keys/${viewer.id}`, undefined, as)).status).toBe(204);
    expect((await bench.ask("DELETE", `/api/v1/keys/${viewer.id}`, undefined, as)).status).toBe(404);
    expect((await bench.ask("GET", "/api/v1/tokens", undefined, theirs)).status).toBe(401);
    for (const body of [
      { name: "x", role: "root" },
      { name: "", role: "viewer" },
      { name: "x", role: "viewer", expiresAt: "2020-01-01T00:00:00Z" },
    ]) {
      expect((await bench.ask("POST", "/api/v1/keys", body, as)).status).toBe(400);
    }

    const audit = async (query: string): Promise<unknown> =>
      (await bench.ask("GET", `/api/v1/audit?${query}`, undefined, as)).json;
    await vi.waitFor(async () => {
      expect(await audit("actor=wall")).toMatchObject([
        { actor: "wall", role: "viewer", method: "PUT", path: "/api/v1/tokens/T9", status: 403 },
      ]);
      expect(await audit("actor=boss&method=DELETE")).toMatchObject([{ status: 404 }, { status: 204 }]);
    });
    expect(await audit("until=2020-01-01")).toEqual([]);
  });
});
