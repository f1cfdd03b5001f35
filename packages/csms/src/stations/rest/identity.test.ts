import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractBench, contractBench } from "../../http/contract.fixture.ts";
import { upgrade } from "../../ocpp/raw-station.fixture.ts";

let bench: ContractBench;

beforeAll(async () => {
  bench = await contractBench();
});

afterAll(async () => {
  await bench.close();
});

/** Sends a request whose path is sent as it is. */
async function raw(method: string, path: string, body = ""): Promise<{ status: number; type: string; body: string }> {
  const { hostname, port } = new URL(bench.csms.apiUrl);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const length = body === "" ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${length}\r\n${body}`);
  await once(socket, "close");
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]),
    type: /content-type: ([^\r;]*)/i.exec(text)?.[1] ?? "",
    body: text.slice(text.indexOf("\r\n\r\n") + 4),
  };
}

const impossible = [
  ".",
  "..",
  "%2E",
  "%2e%2E",
  "A%2FB",
  "A%3AB",
  "%ED%A0%80",
  "%00",
  "%0a",
  "%C2%85",
  "%",
  "x".repeat(49),
];

const routes = [
  ["GET", "/api/v1/stations/ID"],
  ["PATCH", "/api/v1/stations/ID", '{"note":"x"}'],
  ["DELETE", "/api/v1/stations/ID"],
  ["GET", "/api/v1/stations/ID/connectors"],
  ["GET", "/api/v1/stations/ID/statuses"],
  ["GET", "/api/v1/stations/ID/meter-values"],
  ["POST", "/api/v1/stations/ID/disconnect"],
  ["POST", "/api/v1/stations/ID/calls/Reset", '{"type":"Soft"}'],
  ["POST", "/api/v1/unknown-stations/ID/approve", "{}"],
  ["DELETE", "/api/v1/unknown-stations/ID"],
] as const;

describe("what cannot be the identity of a station (OCPP-J 2.0.1 §3.1.1)", () => {
  it("is answered with a 400 in every path, and with nothing else", async () => {
    const answers: unknown[] = [];
    for (const id of impossible) {
      for (const [method, path, body] of routes) {
        const { status, type } = await raw(method, path.replace("ID", id), body);
        if (status !== 400 || type !== "application/problem+json") answers.push([method, path, id, status, type]);
      }
    }
    expect(answers).toEqual([]);
    expect(bench.violations).toEqual([]);
  });

  it("cannot be entered, and no 500 leaves something behind", async () => {
    for (const id of [".", "..", "A/B", "A:B", "\\ud800", "x\\udfff", "\\u0000", "\\u0085", "", "x".repeat(49)]) {
      const { status, type } = await raw("POST", "/api/v1/stations", `{"id":"${id}"}`);
      expect([id, status, type]).toEqual([id, 400, "application/problem+json"]);
    }
    expect((await raw("GET", "/api/v1/stations")).body).toMatch(/\[\]/);
    const { status } = await raw("POST", "/api/v1/tokens", '{"token":"\\ud800","status":"Accepted"}');
    expect(status).toBe(400);
  });

  it("is refused as a handshake in the same way", async () => {
    const { status } = await upgrade(`${bench.csms.webSocketUrl}/A%2FB`, "ocpp1.6");
    expect(status).toBe(400);
    expect((await upgrade(`${bench.csms.webSocketUrl}/Lades%C3%A4ule%207`, "ocpp1.6")).status).toBe(404);
  });

  it("does not keep those out that a station of some version can have", async () => {
    for (const id of ["Ladesäule 7", "a..b", "...", "RDAM|123", "🚗", "x".repeat(48)]) {
      expect((await bench.ask("POST", "/api/v1/stations", { id })).status).toBe(201);
      expect((await bench.ask("GET", `/api/v1/stations/${encodeURIComponent(id)}`)).json).toMatchObject({ id });
    }
    expect(bench.violations).toEqual([]);
  });
});
