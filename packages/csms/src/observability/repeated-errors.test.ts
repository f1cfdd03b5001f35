import { manualClock } from "@ocpp/core";
import { describe, expect, test } from "vitest";
import { testConfiguration } from "../config/configuration.fixture.ts";
import { createLog } from "./logging.ts";

function keepingLog() {
  const clock = manualClock();
  const lines: Record<string, unknown>[] = [];
  const output = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
  const log = createLog({ settings: testConfiguration({}).log, systemName: "test", output, clock });
  return { clock, lines, log };
}

const unavailable = Object.assign(new Error("away"), { code: "unavailable" });
const texts = (lines: readonly Record<string, unknown>[]): unknown[] => lines.map(({ msg }) => msg);

describe("an error that repeats", () => {
  test("is written at once, and then once a minute with its count, whichever station it is about", async () => {
    const { clock, lines, log } = keepingLog();
    const part = log.part("gateway");
    for (let count = 0; count < 500; count += 1) {
      part.error({ stationId: `CS${count}`, action: "MeterValues", error: unavailable, count: 2 }, "It failed");
    }
    expect(lines).toHaveLength(1);
    await clock.advance(60_000);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({
      level: 50,
      part: "gateway",
      stationId: "CS499",
      repeated: 499,
      count: 998,
      seconds: 60,
      msg: "It failed (repeated)",
    });
    part.error({ stationId: "CS1", action: "MeterValues", error: unavailable }, "It failed");
    expect(lines).toHaveLength(2);
    await clock.advance(60_000);
    expect(lines[2]).toMatchObject({ repeated: 1, msg: "It failed (repeated)" });
    // After a minute without it, it is new again.
    await clock.advance(60_000);
    part.error({ stationId: "CS1", action: "MeterValues", error: unavailable }, "It failed");
    expect(lines[3]).toMatchObject({ msg: "It failed" });
  });

  test("does not hide others: of other parts, texts, codes, messages, causes, places and fields", () => {
    const { lines, log } = keepingLog();
    const write = (): void => {
      log.part("a").error({ error: unavailable }, "It failed");
      log.part("b").error({ error: unavailable }, "It failed");
      log.part("a").error({ error: unavailable }, "It failed again");
      log.part("a").error({ error: Object.assign(new Error("away"), { code: "full" }) }, "It failed");
      log.part("a").error({ error: new Error("gone") }, "It failed");
      log.part("a").error({ error: new Error("gone", { cause: unavailable }) }, "It failed");
      log.part("a").error({ error: new TypeError("gone") }, "It failed");
      log.part("a").error({ error: "gone" }, "It failed");
      log.part("a").error({ error: unavailable, action: "Heartbeat" }, "It failed");
      log.part("a").error({ error: unavailable, webhook: 1 }, "It failed");
      log.part("a").error({ error: unavailable, webhook: 2 }, "It failed");
    };
    write();
    expect(lines).toHaveLength(11);
    write();
    expect(lines).toHaveLength(11);
    const here = new Error("one");
    const there = new Error("one");
    log.error({ error: here }, "x");
    log.error({ error: there }, "x");
    expect(lines).toHaveLength(13);
  });

  test("is told with what is held back when the log is closed, and then as it comes", () => {
    const { clock, lines, log } = keepingLog();
    for (let count = 0; count < 3; count += 1) log.error({ error: unavailable }, "It failed");
    log.close();
    expect(texts(lines)).toEqual(["It failed", "It failed (repeated)"]);
    expect(lines[1]).toMatchObject({ repeated: 2 });
    log.error({ error: unavailable }, "It failed");
    log.error({ error: unavailable }, "It failed");
    expect([lines.length, clock.timers]).toEqual([4, 0]);
  });

  test("is always written where there are too many kinds, or it cannot be compared", () => {
    const { lines, log } = keepingLog();
    for (let kind = 0; kind < 500; kind += 1) log.error({ kind }, "It failed");
    for (let count = 0; count < 2; count += 1) log.error({ kind: 500 }, "It failed");
    expect(lines).toHaveLength(502);
    for (let count = 0; count < 2; count += 1) log.error({ big: 1n }, "It failed");
    expect(lines).toHaveLength(504);
  });

  test("is no warning", () => {
    const { lines, log } = keepingLog();
    for (let count = 0; count < 2; count += 1) log.warn({}, "It is odd");
    expect(texts(lines)).toEqual(["It is odd", "It is odd"]);
  });
});
