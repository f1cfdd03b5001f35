import type { Clock } from "@ocpp/core";
import type { Settings } from "../connect-options.ts";
import { basicAuthorization } from "../credentials.ts";
import { type HandshakeError, refusedHandshake } from "../handshake-error.ts";
import type { PlatformSocket } from "../platform-socket.ts";

/*
 * What the client does in Node and a browser cannot: headers, TLS, the status of a refusal, pings. The client is one and
 * the same on both; it imports `#platform`, and the condition `browser` of package.json, the one by which isomorphic-ws
 * chooses the WebSocket, puts `../browser/platform.ts` there. So no page loads code that cannot run in it.
 */

export { failedHandshake } from "../handshake-error.ts";
export { startPing } from "../ping.ts";

/** What a socket is opened with beside the URL and the subprotocols. */
export function socketOptionsOf(settings: Settings, username: string, password?: string | Uint8Array): object {
  const { headers, tls, agent, maxPayload = 1_048_576, compression = false } = settings;
  return {
    minVersion: "TLSv1.2",
    ...tls,
    agent,
    headers: {
      ...headers,
      ...(password !== undefined && { Authorization: basicAuthorization(username, password) }),
    },
    maxPayload,
    perMessageDeflate: compression,
  };
}

/** Calls `failed` when the server answers the handshake with an HTTP status. */
export function watchRefusal(socket: PlatformSocket, clock: Clock, failed: (error: HandshakeError) => void): void {
  socket.on?.("unexpected-response", (_request, response) => {
    failed(refusedHandshake(response, clock.now()));
  });
}

/** Calls `arrived` with each frame, `undefined` for a binary one. The events of `ws` cost less than those of the DOM. */
export function onFrame(socket: PlatformSocket, arrived: (text: string | undefined) => void): void {
  socket.on?.("message", (data, isBinary) => {
    arrived(isBinary ? undefined : data.toString());
  });
}
