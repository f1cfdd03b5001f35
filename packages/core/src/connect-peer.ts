import { systemClock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Peer, PeerOptions } from "./peer.ts";
import { PeerEngine } from "./peer-engine.ts";
import { PeerHandle } from "./peer-handle.ts";
import type { Protocol, Side } from "./protocol.ts";
import type { Transport } from "./transport.ts";

/** The peer that belongs to an endpoint; for a union of endpoints a union of peers, told apart by `protocol`. */
export type PeerOf<E> = E extends Endpoint<infer P, infer S, infer Info> ? Peer<P, S, Info> : never;

/**
 * Starts the RPC of one side over a transport. Throws a TypeError where the transport's subprotocol is not the
 * endpoint's: serving another version than was agreed is never right.
 */
export function connectPeer<P extends Protocol, S extends Side, Info>(
  transport: Transport,
  endpoint: Endpoint<P, S, Info>,
  options: PeerOptions<Info> = {},
): Peer<P, S, Info> {
  if (transport.subprotocol !== endpoint.protocol.subprotocol) {
    throw new TypeError(
      `The connection speaks ${transport.subprotocol}, the endpoint ${endpoint.protocol.subprotocol}`,
    );
  }
  const engine = new PeerEngine(transport, endpoint as unknown as Endpoint<Protocol, Side>, {
    ...options,
    identity: options.identity ?? "",
    clock: options.clock ?? systemClock,
  });
  transport.start(engine);
  return new PeerHandle(engine) as unknown as Peer<P, S, Info>;
}
