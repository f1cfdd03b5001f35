import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Failure } from "@ocpp/websocket";
import { afterEach, beforeEach, expect } from "vitest";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";

/** A socket that a server accepted, with what its opening request said. */
export interface Accepted {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

let cleanups: (() => Promise<void> | void)[] = [];

/** Has something done after the test. */
export function afterTest(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

/** Ends after each test what it opened, and holds the test to leaving no rejection unhandled. */
export function guardTests(): void {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => {
    unhandled.push(error);
  };
  beforeEach(() => {
    process.on("unhandledRejection", note);
    process.on("uncaughtException", note);
  });
  afterEach(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
    cleanups = [];
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    process.off("uncaughtException", note);
    expect(unhandled.splice(0)).toEqual([]);
  });
}

/** Things that come one by one, for a test to wait for. */
export function mailbox<T>(): { readonly put: (item: T) => void; readonly next: () => Promise<T> } {
  const items: T[] = [];
  const takers: ((item: T) => void)[] = [];
  return {
    put: (item) => {
      const taker = takers.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    next: async () => {
      if (items.length > 0) return items.shift() as T;
      return new Promise((resolve) => {
        takers.push(resolve);
      });
    },
  };
}

/** The failures of a session; pass `onFailure` to `connect`. */
export function failureBox(): {
  readonly onFailure: (failure: Failure) => void;
  readonly next: () => Promise<Failure>;
} {
  const box = mailbox<Failure>();
  return { onFailure: box.put, next: box.next };
}

/** A bare server of `ws` that accepts the first subprotocol on offer unless told otherwise. */
export async function listen(options: ServerOptions = {}): Promise<{
  readonly url: string;
  readonly port: number;
  readonly server: WebSocketServer;
  readonly accept: () => Promise<Accepted>;
  readonly close: () => Promise<void>;
}> {
  const server = new WebSocketServer({
    ...(options.server === undefined ? { host: "127.0.0.1", port: 0 } : {}),
    handleProtocols: (offered) => [...offered][0] ?? false,
    ...options,
  });
  const box = mailbox<Accepted>();
  server.on("connection", (socket, request) => {
    socket.on("error", () => {});
    box.put({ socket, request });
  });
  if (options.server === undefined) await once(server, "listening");
  const close = async (): Promise<void> => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  afterTest(close);
  const { port } = (options.server ?? server).address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/ocpp`, port, server, accept: box.next, close };
}

/** A server that deals with opening requests as it is told; gives its URL. */
export async function listenRaw(onUpgrade: (request: IncomingMessage, socket: Socket) => void): Promise<string> {
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    socket.on("error", () => {});
    afterTest(() => {
      socket.destroy();
    });
    socket.on("end", () => {
      socket.destroy();
    });
    socket.resume();
    onUpgrade(request, socket as Socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  afterTest(() => {
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp`;
}

/** The head of the response that opens a WebSocket; `subprotocol` as the header says it, or no such header. */
export function openingResponse(request: IncomingMessage, subprotocol: string | undefined): string {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    ...(subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The next frame that arrives at a server's socket, as JSON. */
export async function frameFrom(socket: WebSocket): Promise<unknown> {
  const [data] = (await once(socket, "message")) as [Buffer];
  return JSON.parse(data.toString());
}

/** How a server's socket ended. */
export async function endOf(socket: WebSocket): Promise<{ readonly code: number; readonly reason: string }> {
  const [code, reason] = (await once(socket, "close")) as [number, Buffer];
  return { code, reason: reason.toString() };
}
