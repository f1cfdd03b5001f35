// For users.

export type { BackoffOptions } from "./backoff.ts";
export { connect } from "./connect.ts";
export type { ConnectOptions, Failure, SessionChanges, SessionState, TlsOptions } from "./connect-options.ts";
export { HandshakeError, type HandshakeErrorCode } from "./handshake-error.ts";
export type { PingOptions } from "./ping.ts";
export type { Session } from "./session.ts";

// For libraries.

export { type Backoff, makeBackoff } from "./backoff.ts";
export type { EndpointOf, Pem } from "./connect-options.ts";
