import type { Clock } from "@ocpp/core";
import type { PlatformSocket } from "./platform-socket.ts";

/** How a dead connection is found (OCPP-J 2.0.1 §5.2). */
export interface PingOptions {
  /** Milliseconds between an answered ping and the next one (`WebSocketPingInterval`); 30,000 unless given. */
  readonly interval?: number;
  /** Milliseconds that the other side has for its pong; then the connection counts as dead. 20,000 unless given. */
  readonly timeout?: number;
}

/**
 * Pings the other side for as long as the connection lives, and calls `dead` when it does not answer. Does nothing where
 * the platform cannot ping. Returns what stops it.
 */
export function startPing(socket: PlatformSocket, clock: Clock, options: PingOptions, dead: () => void): () => void {
  const { interval = 30_000, timeout = 20_000 } = options;
  let stopped = socket.ping === undefined;
  let timer: unknown;
  const wait = (): void => {
    clock.clearTimer(timer);
    if (stopped) return;
    timer = clock.setTimer(() => {
      timer = clock.setTimer(dead, timeout);
      socket.ping?.();
    }, interval);
  };
  socket.on?.("pong", wait);
  wait();
  return () => {
    stopped = true;
    clock.clearTimer(timer);
  };
}
