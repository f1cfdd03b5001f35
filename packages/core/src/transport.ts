/**
 * What a peer needs of a connection: frames of text out, and a sink for what comes in. Everything else about the
 * connection (sockets, TLS, authentication) is the transport's own affair.
 */
export interface Transport {
  /** The subprotocol that both ends agreed on, such as `ocpp2.0.1`. */
  readonly subprotocol: string;
  /**
   * Hands over the sink; called once, by `connectPeer`. Frames that arrived before are kept until then and delivered in
   * order, so none is lost while an application is still getting ready.
   */
  start(sink: Sink): void;
  /** Sends one frame. Throws where the connection cannot take it. */
  send(text: string): void;
  /** Closes the connection. Codes and reasons are those of WebSocket (RFC 6455 §7.4); the sink's `closed` follows. */
  close(code?: number, reason?: string): void;
  /** Bytes handed to `send` that have not left yet, where the platform tells. */
  readonly bufferedAmount?: number;
}

/**
 * What a transport calls. `closed` comes exactly once; after it a transport may still deliver frames that the other side
 * had sent before it learnt of the end, and nothing else.
 */
export interface Sink {
  /** One frame of text has arrived. Never throws. After `closed`, calls are handled without an answer. */
  message(text: string): void;
  /** The connection is gone. Never throws. */
  closed(code: number, reason: string): void;
}
