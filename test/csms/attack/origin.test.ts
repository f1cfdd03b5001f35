import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openStage, type Stage } from "../hostile/stage.ts";

/*
 * A web page may open a WebSocket to anywhere, also to a CSMS on the loopback of whoever looks at it. Browsers tell by the
 * Origin header whose page it is.
 */

let stage: Stage | undefined;

afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** The status that a page, or a station where the origin is undefined, gets. */
async function statusOf(url: string, identity: string, origin?: string): Promise<number> {
  const socket = new WebSocket(`${url}/${identity}`, ["ocpp2.0.1"], {
    headers: origin === undefined ? {} : { Origin: origin },
  });
  socket.on("error", () => {});
  const status = await Promise.race([
    once(socket, "open").then(() => 101),
    once(socket, "unexpected-response").then(([, response]) => (response as { statusCode: number }).statusCode),
  ]);
  socket.terminate();
  return status;
}

const pages = ["https://evil.example", "http://127.0.0.1:9000", "http://localhost", "null", "file://", ""];

it("a page cannot pose as a station, nor be noted as one, unless it is listed", async () => {
  stage = await openStage({ log: { level: "info" } });
  const { url, operator } = stage;
  await operator.post("/api/v1/stations", { id: "OPEN", registration: "Accepted" });
  for (const origin of [...pages, new URL(stage.apiUrl).origin]) {
    expect(await statusOf(url, "OPEN", origin), origin).toBe(403);
    expect(await statusOf(url, "MADE-UP", origin), origin).toBe(403);
  }
  expect(await operator.get("/api/v1/unknown-stations")).toEqual([]);
  expect(await statusOf(url, "OPEN")).toBe(101);
  await expect
    .poll(async () => JSON.stringify(await operator.get("/api/v1/logs?level=WARNING&limit=100")))
    .toContain("webSocket.origins");
});

it("the pages that are listed are let in, and no others", async () => {
  stage = await openStage({ webSocket: { origins: ["https://ops.example.com"] }, log: { level: "info" } });
  const { url, operator } = stage;
  await operator.post("/api/v1/stations", { id: "OPEN", registration: "Accepted" });
  expect(await statusOf(url, "OPEN", "https://ops.example.com")).toBe(101);
  expect(await statusOf(url, "OPEN")).toBe(101);
  for (const origin of [...pages, "https://ops.example.com.evil.example", "http://ops.example.com"]) {
    expect(await statusOf(url, "OPEN", origin), origin).toBe(403);
  }
});

it("all are let in where the operator says so", async () => {
  stage = await openStage({ webSocket: { origins: ["*"] }, log: { level: "info" } });
  await stage.operator.post("/api/v1/stations", { id: "OPEN", registration: "Accepted" });
  for (const origin of pages) expect(await statusOf(stage.url, "OPEN", origin), origin).toBe(101);
});
