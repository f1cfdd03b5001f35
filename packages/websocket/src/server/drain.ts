import type { Clock } from "@ocpp/core";
import { closeCode } from "./close-code.ts";
import type { Gate } from "./gate.ts";
import type { ServerCloseOptions } from "./ocpp-server.ts";
import type { Placement } from "./placement.ts";
import type { Registry } from "./registry.ts";

/** A server on its way to its end. */
export interface Drain {
  /** Resolves when no socket and no handler is left and the port is given back. */
  readonly done: Promise<void>;
  /** Waits for nothing any more: drops handlers and cuts sockets. */
  cut(): void;
}

/** The most milliseconds that the closing handshakes get out of the time of a drain, and the least. */
const longestHandshake = 1_000;
const shortestHandshake = 100;

/**
 * Empties a server within its timeout: no connection is admitted any more, calls in flight and handlers finish or run out
 * of time, every station is closed, and then the port is given back. The end of the time belongs to the closing
 * handshakes; a socket that is still there then is cut.
 */
export function startDrain(
  gate: Gate,
  registry: Registry,
  placement: Placement,
  clock: Clock,
  { timeout = 10_000, code = closeCode.goingAway, reason = "The server is closing" }: ServerCloseOptions,
): Drain {
  const handshake = Math.max(shortestHandshake, Math.min(longestHandshake, timeout / 4));
  const patience = Math.max(0, timeout - handshake);

  const cutSockets = (): void => {
    for (const connection of registry.sockets) {
      connection.cut(closeCode.lost, "The closing handshake was not answered");
    }
  };
  const drain = async (): Promise<void> => {
    gate.shut();
    const timer = clock.setTimer(cutSockets, patience + handshake);
    const closing = Array.from(registry.peers(), (peer) =>
      peer.close({ code, reason, timeout: patience, abortHandlers: true }),
    );
    await Promise.all(closing);
    await registry.emptied();
    clock.clearTimer(timer);
    await placement.close();
  };

  return {
    done: drain(),
    cut: () => {
      for (const peer of registry.peers()) void peer.close({ timeout: 0, abortHandlers: true });
      cutSockets();
    },
  };
}
