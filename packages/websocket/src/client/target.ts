import { socketOptionsOf } from "#platform";
import { checkIdentity } from "../identity.ts";
import type { Settings } from "./connect-options.ts";

/** What an attempt connects to, settled and checked. */
export interface Target {
  readonly identity: string;
  /** The connection URL, without credentials. */
  readonly url: URL;
  readonly protocols: readonly string[];
  /** What Node's WebSocket is given beside. */
  readonly socketOptions: object;
}

/**
 * Derives the connection URL (OCPP-J 2.0.1 §3.1.1) and the credentials from the settings. Throws a TypeError for a URL,
 * an identity or a list of endpoints that is not usable, a URIError for wrong percent-encoding, and a ConnectionError
 * `unsupported` for what a browser cannot do. No message contains a credential.
 */
export function targetOf(settings: Settings): Target {
  const protocols = settings.endpoints.map((endpoint) => endpoint.protocol.subprotocol);
  if (protocols.length === 0 || new Set(protocols).size < protocols.length) {
    throw new TypeError("One endpoint of each OCPP version is needed");
  }
  const url = parseUrl(settings.url);
  const identity = settings.identity ?? decodeURIComponent(url.pathname.replace(/^.*\/(?=.)/, ""));
  checkIdentity(identity, protocols);
  if (settings.identity !== undefined)
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/${encodeURIComponent(identity)}`;

  const username = decodeURIComponent(url.username) || identity;
  const password = settings.password ?? (url.username || url.password ? decodeURIComponent(url.password) : undefined);
  url.username = url.password = url.hash = "";
  return { identity, url, protocols, socketOptions: socketOptionsOf(settings, username, password) };
}

function parseUrl(given: string | URL): URL {
  let url: URL | undefined;
  try {
    url = new URL(given);
  } catch {
    // The error of the platform quotes the whole URL, credentials and all.
  }
  if (url === undefined || !/^wss?:$/.test(url.protocol)) {
    throw new TypeError("The URL must be absolute and begin with ws:// or wss://");
  }
  return url;
}
