/** How a dead connection is found (OCPP-J 2.0.1 §5.2). */
export interface PingOptions {
  /** Milliseconds between an answered ping and the next one (`WebSocketPingInterval`); 30,000 unless given. */
  readonly interval?: number;
  /** Milliseconds that the other side has for its pong; then the connection counts as dead. 20,000 unless given. */
  readonly timeout?: number;
}
