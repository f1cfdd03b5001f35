import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationsOf, readDocument } from "../rest-contract/api-document.ts";
import { openStage, type Stage } from "./stage.ts";

/* Without an API key whoever sits at the machine is let in, and so is every page that their browser shows. */

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** The status of a request with headers that `fetch` does not let one set. */
function statusOf(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, stage.apiUrl), { method, headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end(method === "GET" || method === "DELETE" ? undefined : "{}");
  });
}

describe("without an API key", () => {
  it("this machine is let in", async () => {
    const { host } = new URL(stage.apiUrl);
    for (const own of [host, host.replace("127.0.0.1", "localhost")]) {
      expect(await statusOf("GET", "/api/v1/stations", { host: own })).toBe(200);
      expect(await statusOf("GET", "/api/v1/stations", { host: own, origin: `http://${own}` })).toBe(200);
    }
  });

  it("no page of another site is, neither under its name nor under one that it points here", async () => {
    const { host } = new URL(stage.apiUrl);
    const json = { "content-type": "application/json" };
    for (const { method, path, access, name } of operationsOf(await readDocument(stage.apiUrl))) {
      if (access === "open") continue;
      const at = path.replaceAll(/\{[^}]+\}/g, "1");
      for (const foreign of [
        { host: "evil.example" },
        { host: `evil.example:${host.split(":")[1] ?? ""}` },
        { host: "127.0.0.1.evil.example" },
        { host: "localhost.evil.example" },
        { host, origin: "http://evil.example" },
        { host, origin: "null" },
        { host, origin: `http://${host}.evil.example` },
      ]) {
        expect(await statusOf(method, at, { ...json, ...foreign }), `${name} ${JSON.stringify(foreign)}`).toBe(403);
      }
    }
  });

  it("a form, which needs nobody's leave, changes nothing", async () => {
    const { host } = new URL(stage.apiUrl);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      expect(await statusOf("POST", "/api/v1/stations", { host, "content-type": type })).toBe(415);
    }
  });
});
