import { type AnyPeer, ConnectionError, manualClock } from "@ocpp/core";
import { describe, expect, it, vi } from "vitest";
import { startHeartbeat } from "./heartbeat.ts";

const peerThat = (answer: () => Promise<unknown>) => {
  const callByName = vi.fn(answer);
  const peer = { state: "open", callByName };
  return { callByName, peer, asPeer: peer as unknown as AnyPeer };
};

describe("startHeartbeat", () => {
  it("calls an interval after each answer, whatever it was", async () => {
    const clock = manualClock();
    const answers = [
      Promise.resolve({}),
      Promise.reject(new ConnectionError("overloaded", "too many")),
      Promise.resolve({}),
    ];
    const { asPeer, callByName } = peerThat(() => answers.shift() ?? Promise.resolve({}));
    const dead = vi.fn();
    startHeartbeat(asPeer, clock, 60_000, dead);
    await clock.advance(180_000);
    expect(callByName).toHaveBeenCalledTimes(3);
    expect(callByName).toHaveBeenCalledWith("Heartbeat", {});
    expect(dead).not.toHaveBeenCalled();
  });

  it("finds a dead connection by a call without an answer", async () => {
    const clock = manualClock();
    const { asPeer } = peerThat(() => Promise.reject(new ConnectionError("timeout", "no answer")));
    const dead = vi.fn();
    startHeartbeat(asPeer, clock, 60_000, dead);
    await clock.advance(60_000);
    expect(dead).toHaveBeenCalledOnce();
    expect(clock.timers).toBe(0);
  });

  it("ends with the connection and leaves no timer", async () => {
    const clock = manualClock();
    const { asPeer, peer } = peerThat(async () => {
      peer.state = "closed";
    });
    const stop = startHeartbeat(asPeer, clock, 60_000, vi.fn());
    await clock.advance(60_000);
    expect(clock.timers).toBe(0);
    stop();
  });
});
