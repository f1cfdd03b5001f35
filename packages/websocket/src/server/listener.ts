import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as HttpsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { warn } from "../warning.ts";
import { presentedCertificate } from "./certificates/client-certificate.ts";
import type { ExpiredJudge } from "./certificates/expired-certificate.ts";
import { refusal } from "./connection-refusal.ts";
import type { Gate } from "./gate.ts";
import { listenError } from "./listen-error.ts";
import type { SecurityProfile } from "./security-profile.ts";
import { secureContext, type TlsOptions, tlsServerOptions } from "./tls.ts";
import { plainAddress } from "./trusted-proxy.ts";

/** What an own listener goes by. */
export interface ListenOptions {
  readonly port: number;
  readonly host: string | undefined;
  readonly tls: TlsOptions | undefined;
  readonly profiles: ReadonlySet<SecurityProfile>;
  readonly forgivesExpired: ExpiredJudge;
  readonly handshakeTimeout: number;
}

/** An HTTP server of our own that does nothing but open WebSockets. */
export interface Listener {
  readonly server: HttpServer | HttpsServer;
  readonly updateTls: (tls: TlsOptions) => void;
  /** Gives the port back and ends connections that were never upgraded; resolves when no socket is left. */
  readonly close: () => Promise<void>;
}

/** Answers requests that open no WebSocket. */
function refuseRequest(_request: IncomingMessage, response: ServerResponse): void {
  const body = "This server speaks OCPP over WebSocket\n";
  response.writeHead(426, {
    Connection: "close, Upgrade",
    Upgrade: "websocket",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Watches over TLS: tells of handshakes that failed, and ends connections whose client certificate is not valid. */
function guardTls(
  server: HttpsServer,
  gate: Gate,
  { profiles, forgivesExpired }: Pick<ListenOptions, "forgivesExpired" | "profiles">,
): void {
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
    gate.tellRefused(
      refusal("tls", undefined, "The TLS handshake failed", { error }),
      plainAddress(socket.remoteAddress),
    );
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    const presented = presentedCertificate(socket, forgivesExpired);
    if (presented?.invalid === undefined || !profiles.has(3)) return;
    // A00.FR.407. The connection ends before anything is asked of it.
    const error = new Error(presented.invalid);
    const refused = refusal("certificate", undefined, "The client certificate is not valid", { error });
    gate.tellRefused(refused, plainAddress(socket.remoteAddress));
    socket.destroy();
  });
}

/** Opens a port. Rejects with a ListenError where that fails, and throws what Node throws for unusable certificates. */
export async function listen(options: ListenOptions, gate: Gate): Promise<Listener> {
  const { port, host, tls, profiles, handshakeTimeout } = options;
  const limits = {
    headersTimeout: handshakeTimeout,
    requestTimeout: handshakeTimeout,
    // Node looks for overdue requests no more often than this.
    connectionsCheckingInterval: Math.max(50, Math.min(5_000, handshakeTimeout / 2)),
  };
  const secured =
    tls === undefined
      ? undefined
      : createTlsServer({ ...limits, ...tlsServerOptions(tls, profiles, handshakeTimeout) }, refuseRequest);
  const server = secured ?? createServer(limits, refuseRequest);
  if (secured !== undefined) guardTls(secured, gate, options);
  server.on("upgrade", (request, socket, head) => {
    gate.handle(request, socket, head);
  });
  await new Promise<void>((resolve, fail) => {
    server.once("error", (error) => {
      fail(listenError(error, options));
    });
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  server.removeAllListeners("error");
  server.on("error", (error) => {
    warn("The server of OCPP met an error", error);
  });
  return {
    server,
    updateTls: (changed) => {
      if (secured === undefined) throw new TypeError("This server has no TLS of its own");
      secured.setSecureContext(secureContext(changed));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
