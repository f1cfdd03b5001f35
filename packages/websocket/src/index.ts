// For users.

export type { BackoffOptions } from "./client/backoff.ts";
export { connect } from "./client/connect.ts";
export type { ConnectOptions, Failure, SessionChanges, SessionState, TlsOptions } from "./client/connect-options.ts";
export { HandshakeError, type HandshakeErrorCode } from "./client/handshake-error.ts";
export type { Session } from "./client/session.ts";
export type { PingOptions } from "./ping-options.ts";

// For libraries.

export { type Backoff, makeBackoff } from "./client/backoff.ts";
export type { EndpointOf, Pem } from "./client/connect-options.ts";
