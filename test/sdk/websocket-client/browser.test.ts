import { manualClock } from "@ocpp/core";
import { connect } from "@ocpp/websocket";
import { describe, expect, it, vi } from "vitest";
import { station201 } from "./stations.ts";
import { endOf, failureBox, frameFrom, guardTests, listen, listenRaw } from "./ws-server.ts";

vi.mock(
  "../../../packages/websocket/src/client/node/platform.ts",
  () => import("../../../packages/websocket/src/client/browser/platform.ts"),
);

/** What a browser has: the standard's members and no other, and its rules for closing. */
vi.mock("../../../packages/websocket/node_modules/isomorphic-ws/node.js", async () => {
  const { WebSocket: NodeSocket } = await import("ws");
  class BrowserSocket {
    readonly #socket: InstanceType<typeof NodeSocket>;
    constructor(url: string, protocols: string[]) {
      this.#socket = new NodeSocket(url, protocols);
      this.#socket.on("error", () => {});
    }
    get protocol(): string {
      return this.#socket.protocol;
    }
    get readyState(): number {
      return this.#socket.readyState;
    }
    get bufferedAmount(): number {
      return this.#socket.bufferedAmount;
    }
    addEventListener(type: "open" | "message" | "close" | "error", listener: (event: object) => void): void {
      this.#socket.addEventListener(type, (event: object) => {
        listener(type === "error" ? { type } : event);
      });
    }
    send(text: string): void {
      this.#socket.send(text);
    }
    close(code?: number, reason?: string): void {
      if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
        throw new DOMException("The close code must be 1000 or from 3000 to 4999", "InvalidAccessError");
      }
      this.#socket.close(code, reason);
    }
  }
  return { default: BrowserSocket };
});

guardTests();
const options = { identity: "CS001" } as const;

describe("in a browser", () => {
  it("calls, handles and closes without what only Node has", async () => {
    const clock = manualClock();
    const { accept, url } = await listen();
    const session = connect(url, [station201], { ...options, clock, ticket: "once" });
    const call = (await session.ready).call("Heartbeat", {});
    expect(clock.timers).toBe(1);
    const { request, socket } = await accept();
    expect(request.url).toBe("/ocpp/CS001?ticket=once");
    const [, id] = (await frameFrom(socket)) as [number, string];
    socket.send(JSON.stringify([3, id, { currentTime: "2026-01-01T00:00:00Z" }]));
    await call;
    await session.close();
    expect(clock.timers).toBe(0);
  });

  it("refuses credentials and headers at once, and names the way round", () => {
    const refusal = expect.objectContaining({ code: "unsupported", message: expect.stringContaining("ticket") });
    const attempt = (url: string, more: object) => () => connect(url, [station201], { ...options, ...more });
    expect(attempt("ws://h/ocpp", { password: "hunter2" })).toThrow(refusal);
    expect(attempt("ws://u:hunter2@h/ocpp", {})).toThrow(refusal);
    expect(attempt("ws://h/ocpp", { headers: { "X-Site": "7" } })).toThrow(refusal);
    expect(attempt("wss://h/ocpp", { tls: { ca: "pem" } })).toThrow(refusal);
    expect(attempt("ws://h/ocpp", { agent: {} })).toThrow(refusal);
  });

  it("closes with 4003 on a binary frame, since 1003 is not allowed there", async () => {
    const { accept, url } = await listen();
    const session = connect(url, [station201], options);
    const { socket } = await accept();
    const end = endOf(socket);
    socket.send(Buffer.from([1, 2, 3]));
    expect((await end).code).toBe(4003);
    await session.close({ code: 1001, reason: "ü".repeat(100) });
  });

  it("says that it does not know why an attempt failed", async () => {
    const { close, url } = await listen();
    await close();
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, onFailure });
    expect(await next()).toMatchObject({ error: { code: "unknown" }, attempt: 1 });
    await session.close();
  });

  it("gives up on a server that does not answer", async () => {
    const clock = manualClock();
    const url = await listenRaw(() => {});
    const { onFailure, next } = failureBox();
    const session = connect(url, [station201], { ...options, clock, onFailure });
    await clock.advance(30_000);
    expect(await next()).toMatchObject({ error: { code: "timeout" } });
    await session.close();
    expect(clock.timers).toBe(0);
  });
});
