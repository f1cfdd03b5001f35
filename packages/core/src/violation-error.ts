import { describeViolation, type Violation } from "./violation.ts";

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
