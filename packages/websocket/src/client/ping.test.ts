import { EventEmitter } from "node:events";
import { manualClock } from "@ocpp/core";
import { describe, expect, it, vi } from "vitest";
import { startPing } from "./ping.ts";
import type { PlatformSocket } from "./platform-socket.ts";

const pingable = () => {
  const ping = vi.fn();
  const socket = Object.assign(new EventEmitter(), { ping });
  return { ping, pong: () => socket.emit("pong"), socket: socket as unknown as PlatformSocket };
};

describe("startPing", () => {
  it("pings an interval after each answer", async () => {
    const clock = manualClock();
    const { socket, ping, pong } = pingable();
    const dead = vi.fn();
    startPing(socket, clock, { interval: 1_000, timeout: 300 }, dead);
    await clock.advance(999);
    expect(ping).not.toHaveBeenCalled();
    for (let round = 1; round <= 3; round += 1) {
      await clock.advance(1);
      expect(ping).toHaveBeenCalledTimes(round);
      await clock.advance(299);
      pong();
      await clock.advance(999);
    }
    expect(dead).not.toHaveBeenCalled();
    expect(clock.timers).toBe(1);
  });

  it("finds a dead connection", async () => {
    const clock = manualClock();
    const { socket, ping } = pingable();
    const dead = vi.fn();
    startPing(socket, clock, { interval: 1_000, timeout: 300 }, dead);
    await clock.advance(1_299);
    expect(dead).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(dead).toHaveBeenCalledOnce();
    expect(ping).toHaveBeenCalledOnce();
    expect(clock.timers).toBe(0);
  });

  it("leaves no timer behind when stopped, also not after a late pong", async () => {
    const clock = manualClock();
    const { socket, pong } = pingable();
    const stop = startPing(socket, clock, {}, vi.fn());
    await clock.advance(30_000);
    stop();
    pong();
    expect(clock.timers).toBe(0);
  });

  it("does nothing where the platform cannot ping", () => {
    const clock = manualClock();
    startPing({} as PlatformSocket, clock, {}, vi.fn());
    expect(clock.timers).toBe(0);
  });
});
