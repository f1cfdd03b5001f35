import {
  type AnyPeer,
  type Clock,
  type Closure,
  connectPeer,
  type Endpoint,
  type Protocol,
  type Side,
} from "@ocpp/core";
import { startPing } from "#platform";
import { warnOfReport } from "../warning.ts";
import type { Settings } from "./connect-options.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { PlatformSocket } from "./platform-socket.ts";
import { socketTransport } from "./socket-transport.ts";

/** Milliseconds that a connection lives before it counts as a success, if nothing has arrived on it. */
const trialTime = 10_000;

/** One connection of a session. */
export interface Connection {
  readonly peer: AnyPeer;
  /** Resolves when the connection has gone and left nothing behind; `proven` unless it was gone as soon as it had come. */
  readonly gone: Promise<Closure & { readonly proven: boolean }>;
}

/** Puts a peer on an open socket and watches over the connection. */
export function openConnection(
  socket: PlatformSocket,
  endpoint: Endpoint<Protocol, Side>,
  identity: string,
  settings: Settings,
  clock: Clock,
): Connection {
  const { ping, heartbeat, report = warnOfReport } = settings;
  const openedAt = clock.now();
  const transport = socketTransport(socket, clock);
  const peer = connectPeer(transport, endpoint, { ...settings, identity, clock, report });
  const dead = (): void => {
    transport.drop("The other side does not answer");
  };
  const stopPing = ping === false ? undefined : startPing(socket, clock, ping ?? {}, dead);
  const stopHeartbeat =
    heartbeat !== undefined && endpoint.compiled.get("Heartbeat")?.outgoing === true
      ? startHeartbeat(peer, clock, heartbeat, dead)
      : undefined;
  const gone = peer.closed.then((closure) => {
    stopPing?.();
    stopHeartbeat?.();
    return { ...closure, proven: transport.received || clock.now() - openedAt >= trialTime };
  });
  return { peer, gone };
}
