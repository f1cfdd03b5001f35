import { afterEach, describe, expect, it, vi } from "vitest";
import { messageIds, systemClock } from "./clock.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("systemClock", () => {
  it("makes ids that are UUIDs, also where a page is not secure", () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(systemClock.messageId()).toMatch(uuid);
    const { crypto } = globalThis;
    vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) });
    const sources = [messageIds(), messageIds()];
    const ids = new Set(Array.from({ length: 1_000 }, (_, index) => sources[index % 2]?.()));
    expect(ids.size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(uuid);
  });

  it("waits longer than a platform's timer can", () => {
    vi.useFakeTimers();
    let rung = 0;
    const month = 31 * 24 * 3_600_000;
    systemClock.setTimer(() => {
      rung += 1;
    }, month);
    const stopped = systemClock.setTimer(() => {
      rung += 100;
    }, month);
    vi.advanceTimersByTime(month - 1);
    expect(rung).toBe(0);
    systemClock.clearTimer(stopped);
    vi.advanceTimersByTime(1);
    expect(rung).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
