import { afterEach, describe, expect, it, vi } from "vitest";
import { warn, warnOfReport } from "./warning.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("warn", () => {
  it("is a process warning in Node, with the stack", () => {
    const emitted = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const error = new Error("boom");
    warn("A handler failed", error);
    expect(emitted).toHaveBeenCalledWith("A handler failed", { type: "OcppWarning", detail: error.stack });
    warn("A handler failed", "text");
    expect(emitted).toHaveBeenLastCalledWith("A handler failed", { type: "OcppWarning", detail: "text" });
  });

  it("is an uncaught error in a browser, also where a bundler fakes `process`", () => {
    const reportError = vi.fn();
    vi.stubGlobal("reportError", reportError);
    vi.stubGlobal("process", { env: {} });
    const error = new Error("boom");
    warn("A handler failed", error);
    vi.stubGlobal("process", undefined);
    warn("A handler failed", error);
    expect(reportError.mock.calls).toEqual([[error], [error]]);
  });

  it("does not fail where the platform has neither", () => {
    vi.stubGlobal("process", undefined);
    vi.stubGlobal("reportError", undefined);
    expect(() => warn("A handler failed", new Error("boom"))).not.toThrow();
  });
});

describe("warnOfReport", () => {
  it("shows failed handlers and invalid responses of ours, and nothing that the other side caused", () => {
    const emitted = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const message = { action: "Reset", messageId: "1" };
    const violation = { kind: "value" as const, path: ["status"], message: "must be one of the list" };
    warnOfReport({ type: "handler-failed", ...message, error: new Error("boom") }, "CS001");
    warnOfReport({ type: "violation", direction: "outbound", part: "response", ...message, violation }, "CS001");
    expect(emitted.mock.calls.map(([text]) => text)).toEqual([
      "The handler of Reset failed (CS001)",
      "The handler of Reset failed (CS001)",
    ]);
    warnOfReport({ type: "violation", direction: "inbound", part: "request", ...message, violation }, "CS001");
    warnOfReport({ type: "unexpected-answer", why: "late", messageId: "1" }, "CS001");
    expect(emitted).toHaveBeenCalledTimes(2);
  });
});
