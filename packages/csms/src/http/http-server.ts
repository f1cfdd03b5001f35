import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Configuration } from "../config/configuration.ts";
import { readTlsFiles } from "../shared/tls-files.ts";

/** How long a client may take to send its headers and its request, in milliseconds, so that slow ones hold nothing up. */
const limits: ServerOptions = {
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 5_000,
};

/** Makes the server of REST, over TLS (1.2 or later) where the configuration says so. Throws an Error that names the file where one cannot be used. */
export function createHttpServer(tls: Configuration["api"]["tls"], listener: RequestListener): Server {
  if (!tls.enabled) return createServer(limits, listener);
  const { cert, key } = readTlsFiles("api.tls", tls);
  const options = {
    ...limits,
    minVersion: "TLSv1.2",
    cert,
    key,
  } as const;
  // Fastify asks for a Server of node:http; that of node:https has all that it uses.
  return createSecureServer(options, listener) as unknown as Server;
}
