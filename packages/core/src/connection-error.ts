/**
 * Why a call could not be carried out, where the other side had no say in it:
 * `timeout`, no answer in time; `closed`, the connection went while the call was waiting or queued; `aborted`, the
 * caller's signal; `not-connected`, there was no open connection to begin with; `overloaded`, too many calls are queued;
 * `unserializable`, the payload cannot be written as JSON; `unsupported`, this platform or this side cannot do it.
 */
export type ConnectionErrorCode =
  | "timeout"
  | "closed"
  | "aborted"
  | "not-connected"
  | "overloaded"
  | "unserializable"
  | "unsupported";

/** A local failure. It never crosses the wire. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionErrorCode;

  constructor(code: ConnectionErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Whether a value is a ConnectionError, also one of another copy of this package. */
  static is(value: unknown): value is ConnectionError {
    return value instanceof Error && value.name === "ConnectionError" && "code" in value;
  }
}
