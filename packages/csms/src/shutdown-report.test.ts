import { describe, expect, it } from "vitest";
import type { Log } from "./observability/logging.ts";
import { createShutdownReport, logShutdown, shutdownSentence } from "./shutdown-report.ts";

function keepingLog(): { readonly log: Log; readonly lines: [string, object, string][] } {
  const lines: [string, object, string][] = [];
  const at = (level: string) => (fields: object, text: string) => void lines.push([level, fields, text]);
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), part: () => log };
  return { log, lines };
}

describe("the report of a shutdown", () => {
  it("says that all was done", () => {
    const { log, lines } = keepingLog();
    const report = createShutdownReport();
    report.calls([]);
    report.closed({ lost: new Map(), stuck: false });
    logShutdown(log, report.make());
    expect(report.make().complete).toBe(true);
    expect(lines).toEqual([["info", {}, "Ended: everything was handled and is persisted."]]);
  });

  it("names each call that was dropped by station, action and message id, and ends with one line for everything", () => {
    const { log, lines } = keepingLog();
    const report = createShutdownReport();
    const calls = Array.from({ length: 51 }, (_none, index) => ({
      stationId: "CS1",
      action: "MeterValues",
      messageId: `m${index}`,
    }));
    report.calls(calls);
    report.requests(["POST /api/v1/tokens r1"]);
    report.unfinished("plug-in tariffs");
    report.closed({
      lost: new Map([
        ["frames", 3],
        ["logs", 1],
      ]),
      stuck: true,
    });
    const made = report.make();
    logShutdown(log, made);
    expect([made.complete, made.stuck]).toEqual([false, true]);
    expect(lines.map(([level]) => level)).toEqual(["warn", "warn", "warn"]);
    const named = lines.slice(0, 2).flatMap(([, fields]) => (fields as { readonly calls: readonly string[] }).calls);
    expect(named).toEqual(calls.map(({ messageId }) => `CS1 MeterValues ${messageId}`));
    expect(lines[2]).toEqual([
      "warn",
      { requests: ["POST /api/v1/tokens r1"], unfinished: ["plug-in tariffs"], writes: { frames: 3, logs: 1 } },
      "Ended before everything was done; calls of stations not handled: 51; requests to REST not answered: 1; writes not known to be persisted: frames 3, logs 1; not ended in time: plug-in tariffs; the database hangs.",
    ]);
  });

  it.each([
    [{ calls: [{ stationId: "a", action: "b", messageId: "c" }] }, "calls of stations not handled: 1"],
    [{ requests: ["GET / 1"] }, "requests to REST not answered: 1"],
    [{ unfinished: ["x"] }, "not ended in time: x"],
  ])("%o leaves the rest out", (part, text) => {
    const report = { ...createShutdownReport().make(), complete: false, ...part };
    expect(shutdownSentence(report)).toBe(`Ended before everything was done; ${text}.`);
  });
});
