import type { ErrorCode } from "./error-code.ts";

/** The longest error description that a CALLERROR may carry (OCPP-J 2.0.1 §4.2.3, table 7). */
export const longestDescription = 255;

/** Cuts a text to at most `limit` characters without leaving half of a surrogate pair at its end. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/**
 * An error that travels as CALLERROR (or CALLRESULTERROR in 2.1). A handler throws one to refuse a call with a code of
 * its choice; `call` rejects with one when the other side refused. Whatever else a handler throws reaches the other side
 * as a bare InternalError, so only what is written here on purpose ever leaves the process.
 */
export class OcppError extends Error {
  override readonly name = "OcppError";
  /** The code, always in the spelling of OCPP 2.x. */
  readonly code: ErrorCode;
  /** The description without the code; cut to 255 characters on the wire. */
  readonly description: string;
  /** Free-form details; must be JSON. */
  readonly details: Readonly<Record<string, unknown>>;
  /**
   * Whether it came from the other side. A received error that escapes a handler does not travel on: the caller of that
   * handler gets an InternalError.
   */
  readonly received: boolean;

  constructor(
    code: ErrorCode,
    description = "",
    options: {
      readonly details?: Readonly<Record<string, unknown>>;
      readonly received?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(description === "" ? code : `${code}: ${description}`, options);
    this.code = code;
    this.description = description;
    this.details = options.details ?? {};
    this.received = options.received ?? false;
  }

  /** Whether a value is an OcppError, also one of another copy of this package. */
  static is(value: unknown): value is OcppError {
    return value instanceof Error && value.name === "OcppError" && "code" in value && "description" in value;
  }
}
