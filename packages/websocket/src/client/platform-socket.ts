import WebSocket from "isomorphic-ws";

/**
 * What the client uses of a WebSocket. A browser's has the part that is always there; the one of `ws` in Node has all,
 * and what it has more is optional here.
 */
export interface PlatformSocket {
  readonly protocol: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  addEventListener(type: "error", listener: (event: { readonly error?: unknown }) => void): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Ends the connection at once. */
  terminate?(): void;
  ping?(): void;
  on?(event: "message", listener: (data: { toString(): string }, isBinary: boolean) => void): void;
  on?(event: "pong", listener: () => void): void;
  on?(event: "unexpected-response", listener: (request: unknown, response: UnexpectedResponse) => void): void;
}

/** The response of a server that did not open a WebSocket, as Node shows it. */
export interface UnexpectedResponse {
  readonly statusCode?: number;
  readonly headers: { readonly "retry-after"?: string };
}

/** Opens a socket. A browser takes no third argument and ignores it. */
export function openPlatformSocket(href: string, protocols: readonly string[], options: object): PlatformSocket {
  return new (
    WebSocket as unknown as new (
      href: string,
      protocols: readonly string[],
      options: object,
    ) => PlatformSocket
  )(href, protocols, options);
}

/** Ends a socket as fast as the platform can. */
export function endSocket(socket: PlatformSocket): void {
  if (socket.terminate === undefined) socket.close();
  else socket.terminate();
}
