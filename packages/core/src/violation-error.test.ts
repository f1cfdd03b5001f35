import { describe, expect, it } from "vitest";
import { acme } from "./acme-protocol.fixture.ts";
import { ConnectionError } from "./connection-error.ts";
import { readErrorCode } from "./error-code.ts";
import { OcppError } from "./ocpp-error.ts";
import { formatPath } from "./violation.ts";
import { ViolationError } from "./violation-error.ts";

describe("formatPath", () => {
  it.each([
    [[], "payload"],
    [["meterValue", 0, "sampledValue", 2, "value"], "meterValue[0].sampledValue[2].value"],
    [["a b", "c"], '["a b"].c'],
    [[0], "[0]"],
  ])("writes %j as %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe("errors", () => {
  const violation = { kind: "required", path: ["a"], message: "is required" } as const;

  it("are recognised by their kind and by nothing else", () => {
    const errors = [
      new OcppError("GenericError"),
      new ConnectionError("timeout", "late"),
      new ViolationError("Boot", "request", violation),
    ];
    expect(errors.map((error) => [OcppError.is(error), ConnectionError.is(error), ViolationError.is(error)])).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    for (const other of [undefined, null, "OcppError", {}, new Error("x")]) expect(OcppError.is(other)).toBe(false);
  });

  it("read codes in any spelling", () => {
    expect(
      ["FormationViolation", "OccurenceConstraintViolation", "RPCFrameworkError", "SecurityError", "toString", ""].map(
        (code) => readErrorCode(acme, code),
      ),
    ).toEqual([
      "FormatViolation",
      "OccurrenceConstraintViolation",
      "RpcFrameworkError",
      "SecurityError",
      "GenericError",
      "GenericError",
    ]);
  });
});
