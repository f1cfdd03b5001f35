import type { Violation } from "./protocol.ts";

/** Writes a path as it would stand in code: `meterValue[0].sampledValue[2].value`; the root is `payload`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === "" ? "payload" : text;
}

/** The violation in one sentence, with its path. */
export function describeViolation(violation: Violation): string {
  return `${formatPath(violation.path)} ${violation.message}`;
}

/**
 * A payload that does not fit its schema, found on our side of the wire: a request that we were about to send, or a
 * response that we received. `call` rejects with it; it never crosses the wire.
 */
export class ViolationError extends Error {
  override readonly name = "ViolationError";
  readonly action: string;
  readonly part: "request" | "response";
  readonly violation: Violation;

  constructor(action: string, part: "request" | "response", violation: Violation) {
    super(`${action} ${part}: ${describeViolation(violation)}`);
    this.action = action;
    this.part = part;
    this.violation = violation;
  }

  /** Whether a value is a ViolationError, also one of another copy of this package. */
  static is(value: unknown): value is ViolationError {
    return value instanceof Error && value.name === "ViolationError" && "violation" in value;
  }
}
