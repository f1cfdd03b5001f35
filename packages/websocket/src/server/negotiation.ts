import type { Endpoint, Protocol, Side } from "@ocpp/core";

/** An endpoint whose types are of no interest. */
export type AnyEndpoint = Endpoint<Protocol, Side>;

/** The endpoints of a server by subprotocol. */
export type EndpointTable = ReadonlyMap<string, AnyEndpoint>;

/** Sorts endpoints by subprotocol. Throws a TypeError where there is none, or where two serve the same version. */
export function endpointTable(endpoints: readonly AnyEndpoint[]): EndpointTable {
  const table = new Map<string, AnyEndpoint>();
  for (const endpoint of endpoints) {
    const { subprotocol } = endpoint.protocol;
    if (table.has(subprotocol)) throw new TypeError(`Two endpoints serve ${subprotocol}`);
    table.set(subprotocol, endpoint);
  }
  if (table.size === 0) throw new TypeError("A server needs at least one endpoint");
  return table;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The subprotocols that a client offers, in its order of preference; none where it sends no header. `undefined` for a
 * header that breaks RFC 6455 §4.1: with an empty name, a doubled one or one that is no token.
 */
export function offeredSubprotocols(header: string | undefined): readonly string[] | undefined {
  if (header === undefined) return [];
  const names = header.split(",").map((name) => name.trim());
  return names.every((name) => token.test(name)) && new Set(names).size === names.length ? names : undefined;
}

/** The endpoint for the first offer that the server serves: the client's preference decides (OCPP-J 2.1 §3.1.2). */
export function chooseEndpoint(
  table: EndpointTable,
  offered: readonly string[],
  defaultSubprotocol: string | undefined,
): AnyEndpoint | undefined {
  if (offered.length === 0 && defaultSubprotocol !== undefined) return table.get(defaultSubprotocol);
  for (const name of offered) {
    const endpoint = table.get(name);
    if (endpoint !== undefined) return endpoint;
  }
  return undefined;
}
