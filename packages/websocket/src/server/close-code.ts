/**
 * The codes with which the server closes connections. Those from 4000 on are its own (RFC 6455 §7.4.2); the others are
 * general. A station needs to know none of them: whatever the code, it connects again.
 */
export const closeCode = {
  /** The server is closing. */
  goingAway: 1001,
  /** No OCPP version in common (OCPP-J 2.0.1 §3.2). */
  noSubprotocol: 1002,
  /** A binary frame arrived; OCPP-J is text (OCPP-J 2.0.1 §4.1.2). */
  binary: 1003,
  /** The connection broke. Never on the wire. */
  lost: 1006,
  /** The station has connected anew, and the newest connection counts. */
  replaced: 4001,
  /** No message for longer than `idleTimeout`. */
  idle: 4002,
  /** The station does not answer pings. It will hardly see the code. */
  unresponsive: 4003,
  /** The station does not read what it is sent. It will hardly see the code. */
  slow: 4004,
} as const;
