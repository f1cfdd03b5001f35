import type { Clock } from "@ocpp/core";
import type { PingOptions } from "../ping-options.ts";
import type { PlatformSocket } from "./platform-socket.ts";

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
