/**
 * Why a connection was refused:
 *
 * - `request`: it was no proper opening request of a WebSocket.
 * - `path`: the path is not one that the server serves.
 * - `identity`: there is no identity of a station in the path, or it breaks the rules.
 * - `origin`: it came from a web page that is not on the list.
 * - `draining`, `connections`, `attempts`: the server is closing, is full, or the address connects too often.
 * - `subprotocol`: no OCPP version in common; the handshake was completed and the connection closed (OCPP-J 2.0.1 §3.2),
 *   or refused, by the option `noCommonVersion`.
 * - `security-profile`: the connection has none of the security profiles that the server serves.
 * - `credentials`: there were none, or the user name is not the identity (A00.FR.204).
 * - `certificate`: the client certificate is not valid or not the station's (A00.FR.404, 405, 407).
 * - `authenticate`: the application refused; `authenticate-failed`: it, or another function among the options, threw; `authenticate-timeout`: it took too long.
 * - `hung-up`: the other side was gone before `authenticate` had decided.
 * - `duplicate`: the station has a connection, a newer one or one that is to be kept.
 * - `tls`: the TLS handshake failed.
 */
export type RefusalCause =
  | "request"
  | "path"
  | "identity"
  | "origin"
  | "draining"
  | "connections"
  | "attempts"
  | "subprotocol"
  | "security-profile"
  | "credentials"
  | "certificate"
  | "authenticate"
  | "authenticate-failed"
  | "authenticate-timeout"
  | "hung-up"
  | "duplicate"
  | "tls";

/** A connection that is refused: what the other side is told, and what the application is. */
export interface ConnectionRefusal {
  readonly cause: RefusalCause;
  /** The HTTP status; absent where there is nobody who could be told. */
  readonly status: number | undefined;
  /** One sentence without anything that came from outside. */
  readonly text: string;
  readonly headers?: { readonly [name: string]: string };
  /** What went wrong here, for the application only. */
  readonly error?: unknown;
}

/** Makes the refusal of a connection. */
export function refusal(
  cause: RefusalCause,
  status: number | undefined,
  text: string,
  more: Pick<ConnectionRefusal, "headers" | "error"> = {},
): ConnectionRefusal {
  return { cause, status, text, ...more };
}
