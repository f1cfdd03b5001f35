import { manualClock, type Sink } from "@ocpp/core";
import { describe, expect, it, vi } from "vitest";
import type { PlatformSocket } from "./platform-socket.ts";
import { socketTransport } from "./socket-transport.ts";

type Listener = (event: { readonly data?: unknown; readonly code?: number; readonly reason?: string }) => void;

const fakeSocket = (takes: (code: number) => boolean = () => true) => {
  const listeners = new Map<string, Listener>();
  const socket = {
    protocol: "ocpp2.0.1",
    readyState: 1,
    bufferedAmount: 7,
    addEventListener: (type: string, listener: Listener) => listeners.set(type, listener),
    on: (type: string, listener: (data: unknown, isBinary: boolean) => void) =>
      listeners.set(type, ({ data }) => listener(data, typeof data !== "string")),
    send: vi.fn(),
    close: vi.fn((code: number, reason: string) => {
      if (!takes(code) || reason.length > 123) throw new Error("InvalidAccessError");
    }),
    terminate: vi.fn(),
  };
  const emit = (type: string, event: Parameters<Listener>[0]) => listeners.get(type)?.(event);
  return { emit, fake: socket, socket: socket as unknown as PlatformSocket };
};

const fakeSink = () => ({ message: vi.fn(), closed: vi.fn() }) satisfies Sink;

describe("socketTransport", () => {
  it("carries text both ways and shows how much waits to leave", () => {
    const { emit, fake, socket } = fakeSocket();
    const sink = fakeSink();
    const transport = socketTransport(socket, manualClock());
    transport.start(sink);
    expect([transport.subprotocol, transport.bufferedAmount, transport.received]).toEqual(["ocpp2.0.1", 7, false]);
    transport.send("out");
    emit("message", { data: "in" });
    expect(fake.send).toHaveBeenCalledWith("out");
    expect(sink.message).toHaveBeenCalledWith("in");
    expect(transport.received).toBe(true);
  });

  it("throws where the socket would swallow a frame", () => {
    const { fake, socket } = fakeSocket();
    const transport = socketTransport(socket, manualClock());
    fake.readyState = 2;
    expect(() => transport.send("out")).toThrow(expect.objectContaining({ code: "not-connected" }));
    expect(fake.send).not.toHaveBeenCalled();
  });

  it("delivers what was under way when it closes, tells the sink of the end once, and of nothing after it", () => {
    const clock = manualClock();
    const { emit, socket } = fakeSocket();
    const sink = fakeSink();
    const transport = socketTransport(socket, clock);
    transport.start(sink);
    transport.close(1000, "done");
    expect(clock.timers).toBe(1);
    emit("message", { data: "late" });
    emit("close", { code: 1000, reason: "done" });
    emit("close", { code: 1006, reason: "" });
    emit("message", { data: "too late" });
    transport.drop("too late");
    expect(sink.message.mock.calls).toEqual([["late"]]);
    expect(sink.closed.mock.calls).toEqual([[1000, "done"]]);
    expect(clock.timers).toBe(0);
  });

  it("closes with 1003 on a binary frame", () => {
    const { emit, fake, socket } = fakeSocket();
    const sink = fakeSink();
    socketTransport(socket, manualClock()).start(sink);
    emit("message", { data: new Uint8Array(1) });
    emit("message", { data: "after" });
    expect(fake.close).toHaveBeenCalledWith(1003, "OCPP is text");
    expect(sink.message).not.toHaveBeenCalled();
  });

  it("finds a code and a reason that a browser takes", () => {
    const browser = (code: number): boolean => code === 1000 || (code >= 3000 && code <= 4999);
    for (const [code, reason, sent, cut] of [
      [1003, "text", 4003, 4],
      [1001, "", 4001, 0],
      [2999, "x", 1000, 1],
      [4100, "ü".repeat(200), 1000, 41],
    ] as const) {
      const { fake, socket } = fakeSocket(browser);
      socketTransport(socket, manualClock()).close(code, reason);
      expect(fake.close).toHaveBeenLastCalledWith(sent, reason.slice(0, cut));
    }
  });

  it("does not wait longer than five seconds for the other side to close", async () => {
    const clock = manualClock();
    const { fake, socket } = fakeSocket();
    const sink = fakeSink();
    const transport = socketTransport(socket, clock);
    transport.start(sink);
    transport.close();
    await clock.advance(5_000);
    expect(sink.closed).toHaveBeenCalledWith(1006, "No closing handshake");
    expect(fake.terminate).toHaveBeenCalledOnce();
  });
});
