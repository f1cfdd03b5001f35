import { manualClock } from "@ocpp/core";
import { describe, expect, it } from "vitest";
import type { FeedItem, FeedReader } from "./reader.ts";
import { createEventStream } from "./stream.ts";

const patience = { heartbeat: 15_000, stall: 30_000, grace: 5000 };

/** A reader that gets what is handed to it. */
function handedReader(): FeedReader & {
  hand(...items: FeedItem[]): void;
  readonly asked: number;
  readonly closed: boolean;
} {
  let answer: ((items: readonly FeedItem[]) => void) | undefined;
  let asked = 0;
  let closed = false;
  return {
    next: () => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    hand: (...items) => {
      answer?.(items);
    },
    close: () => {
      closed = true;
      answer?.([]);
    },
    get asked() {
      return asked;
    },
    get closed() {
      return closed;
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("an event stream", () => {
  it("sends comments while nothing happens", async () => {
    const clock = manualClock({ start: 0 });
    const reader = handedReader();
    const { body } = createEventStream(reader, clock, patience);
    let text = "";
    body.on("data", (piece: Buffer) => (text += piece.toString()));
    await settled();
    await clock.advance(45_000);
    await settled();
    expect(text).toBe(`retry: 2000\n\n${": heartbeat\n\n".repeat(3)}`);
    body.destroy();
  });

  it("asks for no more while its reader takes nothing, and cuts it off with the reason", async () => {
    const clock = manualClock({ start: 0 });
    const reader = handedReader();
    const { body } = createEventStream(reader, clock, patience);
    await settled();
    reader.hand({ id: 1, text: "x".repeat(100_000) });
    await settled();
    expect(reader.asked).toBe(1);
    await clock.advance(29_999);
    expect(reader.closed).toBe(false);
    await clock.advance(1);
    expect(reader.closed).toBe(true);

    // Whoever reads on within the grace finds the reason at the end.
    let text = "";
    for await (const piece of body) text += String(piece);
    expect(text).toMatch(/xevent: end\ndata: \{"reason":"slow-reader"\}\n\n$/);
  });

  it("breaks off where the last frame is not taken either", async () => {
    const clock = manualClock({ start: 0 });
    const reader = handedReader();
    const { body } = createEventStream(reader, clock, patience);
    await settled();
    reader.hand({ id: 1, text: "x".repeat(100_000) });
    await settled();
    await clock.advance(30_000);
    expect(body.destroyed).toBe(false);
    await clock.advance(5000);
    expect(body.destroyed).toBe(true);
  });

  it("goes on with a reader who was slow for a while", async () => {
    const clock = manualClock({ start: 0 });
    const reader = handedReader();
    const { body } = createEventStream(reader, clock, patience);
    await settled();
    reader.hand({ id: 1, text: "x".repeat(100_000) });
    await settled();
    await clock.advance(20_000);
    let text = "";
    body.on("data", (piece: Buffer) => (text += piece.toString()));
    await settled();
    await settled();
    expect(reader.asked).toBe(2);
    reader.hand({ id: 2, text: "second" });
    await settled();
    await clock.advance(14_000);
    expect(text.endsWith("xsecond")).toBe(true);
    expect(reader.closed).toBe(false);
    body.destroy();
    await settled();
    expect(reader.closed).toBe(true);
  });

  it("ends once it is not allowed any more, also while events come", async () => {
    const clock = manualClock({ start: 0 });
    const reader = handedReader();
    let allowed = true;
    const { body } = createEventStream(reader, clock, patience, () => Promise.resolve(allowed));
    let text = "";
    body.on("data", (piece: Buffer) => (text += piece.toString()));
    await settled();
    await clock.advance(14_000);
    expect(reader.closed).toBe(false);
    allowed = false;
    reader.hand({ id: 1, text: "first\n\n" });
    await settled();
    await clock.advance(1_000);
    await settled();
    expect(text).toMatch(/first\n\nevent: end\ndata: \{"reason":"key-ended"\}\n\n$/);
    expect(text).not.toContain("heartbeat");
    expect(reader.closed).toBe(true);
  });
});
