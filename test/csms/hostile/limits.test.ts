import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Player, play } from "../conformance/support/player.ts";
import { openStage, type Stage } from "./stage.ts";

const maxPayload = 100_000;
let stage: Stage;
let witness: Player;

beforeAll(async () => {
  stage = await openStage({
    webSocket: { maxPayload, handshakeTimeout: 1, pingInterval: 1, pingTimeout: 1 },
    api: { bodyLimit: 50_000 },
    commands: { timeout: 1, deadline: 1 },
    log: { level: "info" },
  });
  for (const id of ["WITNESS", "ODD", "DEAF"]) {
    await stage.operator.post("/api/v1/stations", { id, registration: "Accepted" });
  }
  witness = await play({ url: stage.url, identity: "WITNESS" });
  const boot = { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } };
  await witness.say("BootNotification", boot);
  // Once accepted, it is served without another boot.
  const player = await play({ url: stage.url, identity: "ODD" });
  await player.say("BootNotification", boot);
  await player.close();
});
afterAll(async () => {
  await witness.close();
  await stage.close();
});

/** Expects that all others are served as ever. */
async function expectUnharmed(): Promise<void> {
  const start = performance.now();
  expect(await witness.say("Heartbeat", {})).toHaveProperty("currentTime");
  expect((await stage.operator.request("GET", "/ready")).status).toBe(200);
  expect(performance.now() - start).toBeLessThan(1_000);
}

/** A station of which the test sees the bare socket. */
async function odd(options: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(`${stage.url}/ODD`, ["ocpp2.0.1"], options);
  socket.on("error", () => {});
  await once(socket, "open");
  return socket;
}

/** What a station is told after a text: the code of an error, `result`, or `closed` with the code. */
async function toldAfter(text: string): Promise<string> {
  const socket = await odd();
  try {
    return await new Promise<string>((resolve) => {
      socket.once("close", (code) => resolve(`closed ${code}`));
      socket.on("message", (data: Buffer) => {
        const [type, , code] = JSON.parse(data.toString()) as [number, string, string];
        resolve(type === 4 ? code : "result");
      });
      socket.send(text);
    });
  } finally {
    socket.terminate();
  }
}

describe("messages of a station", () => {
  it("that are too long close its connection, and nothing else", async () => {
    const long = JSON.stringify([2, "1", "DataTransfer", { vendorId: "A", data: "x".repeat(maxPayload) }]);
    expect(await toldAfter(long)).toBe("closed 1009");
    await expectUnharmed();
  });

  it("that are deep, wide or no JSON are answered with an error, or not at all", async () => {
    const deep = (levels: number): string =>
      `[2,"1","DataTransfer",{"vendorId":"A","data":${"[".repeat(levels)}${"]".repeat(levels)}}]`;
    expect(await toldAfter(deep(100))).toBe("result");
    for (const text of [
      deep(40_000),
      "[".repeat(90_000),
      `${'{"a":'.repeat(15_000)}1${"}".repeat(15_000)}`,
      `[2,"1","Heartbeat",{${Array.from({ length: 8_000 }, (_none, index) => `"k${index}":0`).join()}}]`,
      '[2,"1","Heartbeat",{"__proto__":{"polluted":1}}]',
      '[2,"1","Heartbeat",',
      "\u0000".repeat(1_000),
      `[2,"1","DataTransfer",{"vendorId":"A","data":${"9".repeat(80_000)}}]`,
    ]) {
      expect(await toldAfter(text), text.slice(0, 60)).toMatch(/^(?:[A-Z]\w+|result|closed \d+)$/);
      await expectUnharmed();
    }
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("that grow when they are unpacked are not unpacked", async () => {
    const bomb = deflateRawSync(Buffer.alloc(200_000_000, 0x20), { level: 9 });
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage().rss;
    const socket = await odd({ perMessageDeflate: true });
    const closed = once(socket, "close");
    // A compressed text frame, masked with zeros.
    const head = Buffer.alloc(14);
    head[0] = 0xc1;
    head[1] = 0xff;
    head.writeBigUInt64BE(BigInt(bomb.length), 2);
    const raw = Reflect.get(socket, "_socket") as Socket;
    raw.on("error", () => {});
    raw.write(Buffer.concat([head, bomb]));
    await closed;
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    await expectUnharmed();
  });
});

describe("bodies of REST", () => {
  const post = async (body: string, headers: Record<string, string> = {}): Promise<number> => {
    const response = await fetch(new URL("/api/v1/stations", stage.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    await response.text();
    return response.status;
  };

  it("that are too long, deep or no JSON are refused", async () => {
    expect(await post(`{"id":"${"x".repeat(60_000)}"}`)).toBe(413);
    expect(await post(`{"id":${"[".repeat(20_000)}${"]".repeat(20_000)}}`)).toBe(400);
    expect(await post('{"id":"A","__proto__":{"polluted":1}}')).toBe(400);
    expect(await post('{"id":"A","constructor":{"prototype":{"polluted":1}}}')).toBe(400);
    expect(await post('{"id":"A\\u0000B"}')).toBe(400);
    expect(await post("{")).toBe(400);
    expect(await post("id=A", { "content-type": "application/x-www-form-urlencoded" })).toBe(415);
    expect(await post("<a/>", { "content-type": "text/xml" })).toBe(415);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    await expectUnharmed();
  });

  it("and headers and addresses that are too long are refused as well", async () => {
    const long = await fetch(`${stage.apiUrl}/api/v1/tokens?text=${"x".repeat(10_000)}`);
    expect(long.status).toBe(400);
    const longer = await fetch(`${stage.apiUrl}/api/v1/tokens`, { headers: { "x-padding": "x".repeat(20_000) } });
    expect(longer.status).toBe(431);
    await expectUnharmed();
  });
});

describe("slow clients", () => {
  /** Resolves when the other end has closed all of these. */
  const allClosed = async (sockets: readonly Socket[]): Promise<void> => {
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve()))));
  };

  /** A connection on which a text is sent, a character at a time, and nothing is read. */
  const drip = (port: number, text: string): Socket => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < text.length) socket.write(text.charAt(sent));
      sent += 1;
    }, 50);
    socket.on("close", () => clearInterval(timer));
    return socket;
  };

  it("of the handshake are cut off in time, and hold nobody up", { timeout: 60_000 }, async () => {
    const request = `GET /ODD HTTP/1.1\r\nHost: x\r\n${"X-Header: y\r\n".repeat(1_000)}`;
    const sockets = Array.from({ length: 50 }, () => drip(Number(new URL(stage.url).port), request));
    const start = performance.now();
    const closed = allClosed(sockets);
    await expectUnharmed();
    await closed;
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("of REST are cut off in time, and hold nobody up", { timeout: 60_000 }, async () => {
    const request = `GET /api/v1/tokens HTTP/1.1\r\nHost: 127.0.0.1\r\n${"X-Header: y\r\n".repeat(1_000)}`;
    const sockets = Array.from({ length: 50 }, () => drip(Number(new URL(stage.apiUrl).port), request));
    const start = performance.now();
    const closed = allClosed(sockets);
    await expectUnharmed();
    await closed;
    expect(performance.now() - start).toBeLessThan(40_000);
    await expectUnharmed();
  });

  it("that read nothing of what they are sent cost little, and are cut off", { timeout: 60_000 }, async () => {
    const socket = new WebSocket(`${stage.url}/DEAF`, ["ocpp2.0.1"]);
    socket.on("error", () => {});
    await once(socket, "open");
    const boot = { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } };
    socket.send(JSON.stringify([2, "boot", "BootNotification", boot]));
    await once(socket, "message");
    socket.pause();
    const start = performance.now();
    // It asks, and does not take the answers.
    const question = JSON.stringify([2, "q", "DataTransfer", { vendorId: "A".repeat(255), data: "x".repeat(1_000) }]);
    for (let count = 0; count < 900; count += 1) socket.send(question.replace('"q"', `"${randomUUID()}"`));
    const data = "y".repeat(40_000);
    const commands = Array.from({ length: 50 }, () =>
      stage.operator.call("DEAF", "DataTransfer", { vendorId: "A", data }),
    );
    await expectUnharmed();
    for (const { status } of await Promise.all(commands)) expect([409, 429, 502, 504]).toContain(status);
    // It answers no ping either.
    await expect
      .poll(async () => (await stage.operator.get<{ connected: boolean }>("/api/v1/stations/DEAF")).connected, {
        timeout: 20_000,
      })
      .toBe(false);
    expect(performance.now() - start).toBeLessThan(30_000);
    socket.terminate();
    await expectUnharmed();
  });

  it("of events, who read nothing, hold nobody up", async () => {
    const socket = connect(Number(new URL(stage.apiUrl).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await once(socket, "readable");
    for (let count = 0; count < 300; count += 1) {
      await witness.say("DataTransfer", { vendorId: "V".repeat(255), messageId: "M".repeat(50) });
    }
    await expectUnharmed();
    socket.destroy();
  });
});
