import type { Endpoint, PeerOf, Protocol, Side } from "@ocpp/core";
import type { ConnectOptions, Settings } from "./connect-options.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session-run.ts";

/**
 * Connects to a CSMS and stays connected. `url` begins with `ws://` or `wss://`; the identity of the station is appended
 * to its path, or is its last segment. `endpoints` are the versions on offer, in order of preference: the server's choice
 * decides which of them serves, and what the peers of the session are a union of.
 *
 * Returns at once; connecting goes on in the background, with the back-off of OCPP-J 2.0.1 §5.3 from the first attempt
 * on. Throws a TypeError for an unusable URL, identity or list of endpoints, a RangeError for a negative back-off and a
 * ConnectionError `unsupported` for what the platform cannot do.
 */
export function connect<const E extends readonly Endpoint<Protocol, Side>[]>(
  url: string | URL,
  endpoints: E,
  options: ConnectOptions<PeerOf<E[number]>> = {},
): Session<PeerOf<E[number]>> {
  return startSession({ ...options, url, endpoints } as unknown as Settings) as unknown as Session<PeerOf<E[number]>>;
}
