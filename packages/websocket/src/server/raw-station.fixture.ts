import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect as connectNet, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { type ClientOptions, WebSocket } from "ws";

/** A station that knows WebSockets and no OCPP. */
export interface RawStation {
  readonly socket: WebSocket;
  /** The next frame, also one that has come already. */
  readonly next: () => Promise<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** How a server answered an opening request that it refused. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

export interface StationOptions extends ClientOptions {
  readonly protocols?: string | string[];
  readonly username?: string;
  readonly password?: string | Uint8Array;
}

function authorization({ username = "", password }: StationOptions): object {
  if (password === undefined) return {};
  const pair = Buffer.concat([Buffer.from(`${username}:`), Buffer.from(password)]);
  return { Authorization: `Basic ${pair.toString("base64")}` };
}

function begin(url: string, options: StationOptions): WebSocket {
  const { protocols = ["ocpp2.1"], headers, ...rest } = options;
  return new WebSocket(url, protocols, {
    perMessageDeflate: false,
    ...rest,
    headers: { ...authorization(options), ...headers },
  });
}

/** Connects; rejects where the server refuses. */
export async function openStation(url: string, options: StationOptions = {}): Promise<RawStation> {
  const socket = begin(url, options);
  const frames: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    const wanted = waiting.shift();
    if (wanted === undefined) frames.push(text);
    else wanted(text);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => {
      resolve({ code, reason: reason.toString() });
    });
  });
  await once(socket, "open");
  socket.on("error", () => {});
  return {
    socket,
    closed,
    next: () =>
      new Promise((resolve) => {
        const text = frames.shift();
        if (text === undefined) waiting.push(resolve);
        else resolve(text);
      }),
  };
}

/** Connects in the expectation of being refused. */
export async function refused(url: string, options: StationOptions = {}): Promise<Answer> {
  const socket = begin(url, options);
  socket.on("error", () => {});
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      reject(new Error("The server let the station in"));
    });
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
      });
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    socket.once("error", reject);
  });
}

/** A bare connection to the port of a URL; what arrives is collected as text. */
export interface Wire {
  readonly socket: Socket;
  /** Resolves when the text that has arrived matches. */
  seen(pattern: RegExp): Promise<string>;
  /** Resolves with everything that has arrived when the server has ended the connection. */
  readonly ended: Promise<string>;
}

function wireOf(socket: Socket): Wire {
  let text = "";
  const watchers = new Set<() => void>();
  socket.on("error", () => {});
  socket.on("data", (data: Buffer) => {
    text += data.toString("latin1");
    for (const look of watchers) look();
  });
  const ended = new Promise<string>((resolve) => {
    socket.once("close", () => {
      resolve(text);
    });
  });
  return {
    socket,
    ended,
    seen: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!pattern.test(text)) return;
          watchers.delete(look);
          resolve(text);
        };
        watchers.add(look);
        look();
      }),
  };
}

export async function openWire(url: string): Promise<Wire> {
  const socket = connectNet({ host: "127.0.0.1", port: Number(new URL(url).port) });
  await once(socket, "connect");
  return wireOf(socket);
}

/** Speaks TLS with a server; rejects where the handshake fails. */
export async function openTls(url: string, options: ConnectionOptions): Promise<{ wire: Wire; socket: TLSSocket }> {
  const socket = connectTls({
    host: "127.0.0.1",
    port: Number(new URL(url).port),
    rejectUnauthorized: false,
    ...options,
  });
  const wire = wireOf(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  return { wire, socket };
}

/** The text of an opening request. */
export function openingRequest(
  path: string,
  headers: { readonly [name: string]: string } = {},
  method = "GET",
): string {
  const all = {
    Host: "127.0.0.1",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "ocpp2.1",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Matches a close frame with that code in what a wire has seen. */
export function closeFrame(code: number): RegExp {
  return new RegExp(`\\x88.${String.fromCharCode(code >> 8, code & 0xff)}`);
}

/** A frame as a client sends it: masked, with the mask 0, so that the payload stands there as it is. */
export function clientFrame(opcode: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload);
  if (bytes.length > 125) throw new RangeError("This fixture writes small frames only");
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}
