import type { UnexpectedResponse } from "./platform-socket.ts";

/**
 * Why an attempt to connect failed:
 *
 * - `refused`: the server answered with an HTTP status instead of opening a WebSocket; see `status`.
 * - `tls`: the TLS handshake failed, on either side's objection.
 * - `unreachable`: no server answered: name not found, connection refused or reset.
 * - `timeout`: the handshake was not complete in time.
 * - `subprotocol`: the server agreed to none of the OCPP versions that were offered (OCPP-J 2.0.1 §3.2).
 * - `ticket`: the `ticket` function of the options failed.
 * - `unknown`: a browser never says why. The server's log and the browser's network panel do.
 */
export type HandshakeErrorCode = "refused" | "tls" | "unreachable" | "timeout" | "subprotocol" | "ticket" | "unknown";

/** A connection that did not come about. Its message says what to look at and never contains credentials. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError" as const;
  readonly code: HandshakeErrorCode;
  /**
   * The HTTP status, where `code` is `refused`: 401 for credentials that are missing or wrong, 404 for a station that the
   * server does not know, 403, 429 or 5xx by their usual meanings.
   */
  readonly status: number | undefined;
  /** Milliseconds that the server asks to wait (Retry-After); the session waits at least that long, up to an hour. */
  readonly retryAfter: number | undefined;

  constructor(
    code: HandshakeErrorCode,
    message: string,
    options?: {
      readonly cause?: unknown;
      readonly status?: number | undefined;
      readonly retryAfter?: number | undefined;
    },
  ) {
    super(message, options);
    this.code = code;
    this.status = options?.status;
    this.retryAfter = options?.retryAfter;
  }

  /** Whether a value is a HandshakeError, also one of another copy of this package. */
  static is(value: unknown): value is HandshakeError {
    return value instanceof Error && value.name === "HandshakeError" && "code" in value && "status" in value;
  }
}

const advice: { readonly [status: number]: string } = {
  401: "check identity and password",
  403: "this station may not connect",
  404: "check the URL; the server does not know this station",
  429: "too many attempts",
};

/** Makes the error for an HTTP status. `now` is for a Retry-After that is a date. */
export function refusedHandshake({ statusCode = 0, headers }: UnexpectedResponse, now: number): HandshakeError {
  const after = headers["retry-after"] ?? "";
  const wait = Number(after) * 1000 || Date.parse(after) - now;
  const hint = advice[statusCode] ?? (statusCode < 500 ? "check the URL" : "try later");
  return new HandshakeError("refused", `The server answered ${statusCode}: ${hint}`, {
    status: statusCode,
    retryAfter: wait > 0 ? wait : undefined,
  });
}

/**
 * Makes the error for what a browser reported or threw. It reports nothing, and what it throws may quote the URL with the
 * ticket in it: of such an error only the name is shown.
 */
export function unknownHandshake(cause?: unknown): HandshakeError {
  const hint = cause instanceof Error ? `: ${cause.name}` : "; the browser's network panel says why";
  return new HandshakeError("unknown", `No connection${hint}`);
}

/** Makes the error for what a socket reported or threw, in Node. */
export function failedHandshake(cause?: unknown): HandshakeError {
  if (!(cause instanceof Error)) return unknownHandshake();
  const { name, message } = cause;
  if (message.includes("subprotocol")) return subprotocolHandshake(cause);
  const coded = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  if (coded === undefined && name !== "Error") return unknownHandshake(cause);
  const code = coded ?? message;
  return /CERT|TLS|SSL|EPROTO|_CRL|^INVALID_|^PATH_LEN|HOSTNAME_M/.test(code)
    ? new HandshakeError("tls", `TLS failed: ${code}; check the certificates`, { cause })
    : new HandshakeError("unreachable", `No server reached: ${code}`, { cause });
}

/** Makes the error for a server that agreed to no version on offer. */
export function subprotocolHandshake(cause?: Error): HandshakeError {
  return new HandshakeError("subprotocol", "The server agreed to none of the OCPP versions on offer", { cause });
}
