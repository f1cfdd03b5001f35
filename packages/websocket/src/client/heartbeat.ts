import type { AnyPeer, Clock, ConnectionError } from "@ocpp/core";

/**
 * Sends a Heartbeat every `interval` milliseconds, counted from the answer to the one before, and calls `dead` when one
 * is not answered in time. For browsers, which cannot ping. Returns what stops it.
 */
export function startHeartbeat(peer: AnyPeer, clock: Clock, interval: number, dead: () => void): () => void {
  let timer: unknown;
  const wait = (): void => {
    if (peer.state === "open") timer = clock.setTimer(beat, interval);
  };
  const beat = (): void => {
    peer.callByName("Heartbeat", {}).then(wait, ({ code }: Partial<ConnectionError>) => {
      if (code === "timeout") dead();
      else wait();
    });
  };
  wait();
  return () => {
    clock.clearTimer(timer);
  };
}
