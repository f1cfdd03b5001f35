// For users.

// For libraries.
export { type Backoff, type BackoffOptions, makeBackoff } from "./backoff.ts";
export { connect } from "./connect.ts";
export type {
  ConnectOptions,
  EndpointOf,
  Failure,
  Pem,
  SessionChanges,
  SessionState,
  TlsOptions,
} from "./connect-options.ts";
export { HandshakeError, type HandshakeErrorCode } from "./handshake-error.ts";
export type { PingOptions } from "./ping.ts";
export type { Session } from "./session.ts";
