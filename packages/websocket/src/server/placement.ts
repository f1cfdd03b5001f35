import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { AdmissionRules } from "./admission-rules.ts";
import type { Gate } from "./gate.ts";
import { listen } from "./listener.ts";
import { isBelow, readRequestPath } from "./request-path.ts";
import type { TlsOptions } from "./tls.ts";

/** Where upgrade requests come from. */
export interface Placement {
  readonly address: AddressInfo | undefined;
  /** Whether the server itself speaks TLS. */
  readonly secure: boolean;
  updateTls(tls: TlsOptions): void;
  /** Takes no more requests. Called when no connection is left. */
  close(): Promise<void>;
}

/** The part of the options that says where. */
export interface PlacementOptions {
  readonly port?: number;
  readonly host?: string;
  readonly tls?: TlsOptions;
  readonly server?: HttpServer | HttpsServer;
}

function addressOf(server: HttpServer | HttpsServer): AddressInfo | undefined {
  const address = server.address();
  return typeof address === "object" && address !== null ? address : undefined;
}

function noTls(): never {
  throw new TypeError("This server has no TLS of its own");
}

/** Listens to the upgrades of a server that there is; those of other paths are left to its other listeners. */
function attach(server: HttpServer | HttpsServer, path: string, gate: Gate): Placement {
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const ours = isBelow(readRequestPath(request.url ?? "").path, path);
    // Without another listener nobody would answer; the gate does, with 404.
    if (ours || server.listenerCount("upgrade") === 1) gate.handle(request, socket, head);
  };
  server.on("upgrade", upgrade);
  return {
    get address() {
      return addressOf(server);
    },
    secure: server instanceof HttpsServer,
    updateTls: noTls,
    close: async () => {
      server.removeListener("upgrade", upgrade);
    },
  };
}

/**
 * Finds upgrade requests where the options say. Throws a TypeError for options that contradict each other, and rejects
 * with a ListenError where the port cannot be opened.
 */
export async function place(
  { port, host, tls, server }: PlacementOptions,
  rules: Pick<AdmissionRules, "forgivesExpired" | "path" | "profiles">,
  handshakeTimeout: number,
  gate: Gate,
): Promise<Placement> {
  if (port === undefined && (host !== undefined || tls !== undefined)) {
    throw new TypeError("host and tls belong to a server of its own: they need a port");
  }
  if (server !== undefined && port !== undefined) throw new TypeError("Give either a port or a server to attach to");
  if (server !== undefined) return attach(server, rules.path, gate);
  if (port === undefined) {
    return { address: undefined, secure: false, updateTls: noTls, close: async () => {} };
  }
  const listener = await listen(
    { port, host, tls, profiles: rules.profiles, forgivesExpired: rules.forgivesExpired, handshakeTimeout },
    gate,
  );
  return {
    get address() {
      return addressOf(listener.server);
    },
    secure: tls !== undefined,
    updateTls: listener.updateTls,
    close: listener.close,
  };
}

/** The URL of an address; the loopback where the server listens on every address. */
export function urlOf({ address, secure }: Placement, path: string): string {
  if (address === undefined) return "";
  const host = address.address === "::" ? "localhost" : address.address === "0.0.0.0" ? "127.0.0.1" : address.address;
  return `${secure ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${address.port}${path}`;
}
