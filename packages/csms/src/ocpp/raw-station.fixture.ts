import { randomBytes } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";

/** A station that knows WebSockets and no OCPP: texts below 64 KiB, no fragments. */
export interface RawStation {
  send(text: string): void;
  /** What has arrived so far. */
  readonly frames: string[];
  close(): void;
  /** Hangs up once what was sent has left. */
  hangUp(manner: HangUp): void;
}

/** How a station hangs up: by a close frame, by ending its TCP connection, or by resetting it. */
export type HangUp = "close frame" | "FIN" | "reset";

/** How an upgrade ended: with a socket, or with the status of a refusal. */
export type Upgrade =
  | { readonly status: 101; readonly socket: Socket; readonly head: Buffer }
  | { readonly status: number };

/** The headers of a request for an upgrade. `authorization` is the header as it is. */
export function upgradeHeaders(protocol: string, authorization?: string): Record<string, string> {
  return {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    "Sec-WebSocket-Protocol": protocol,
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  };
}

/** Asks for an upgrade. `authorization` is the header as it is. */
export function upgrade(url: string, protocol: string, authorization?: string): Promise<Upgrade> {
  return new Promise((resolve, reject) => {
    const asked = request(url.replace(/^ws/, "http"), { headers: upgradeHeaders(protocol, authorization) });
    asked.on("error", reject);
    asked.on("response", (response: IncomingMessage) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
    asked.on("upgrade", (_response, socket: Socket, head: Buffer) => {
      resolve({ status: 101, socket, head });
    });
    asked.end();
  });
}

/** The Authorization header of Basic authentication. */
export function basic(username: string, password: string | Buffer): string {
  return `Basic ${Buffer.concat([Buffer.from(`${username}:`), Buffer.from(password as string)]).toString("base64")}`;
}

function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text, "utf8");
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** Connects, with Basic authentication where a password is given. */
export async function openRaw(url: string, protocol: string, authorization?: string): Promise<RawStation> {
  const upgraded = await upgrade(url, protocol, authorization);
  if (!("socket" in upgraded)) throw new Error(`The upgrade was refused with ${upgraded.status}`);
  const { socket, head } = upgraded;
  const frames: string[] = [];
  let rest = Buffer.alloc(0);
  const read = (data: Buffer): void => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const short = (rest[1] ?? 0) & 0x7f;
      const start = short === 126 ? 4 : 2;
      if (rest.length < start) return;
      const length = short === 126 ? rest.readUInt16BE(2) : short;
      if (rest.length < start + length) return;
      if ((rest[0] ?? 0) === 0x81) frames.push(rest.subarray(start, start + length).toString("utf8"));
      rest = rest.subarray(start + length);
    }
  };
  read(head);
  socket.on("data", read);
  socket.on("error", () => {});
  return {
    frames,
    send: (text) => socket.write(maskedFrame(text)),
    close: () => socket.destroy(),
    hangUp: (manner) => {
      if (manner === "close frame") socket.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]));
      else if (manner === "FIN") socket.end();
      else socket.write(maskedFrame(" "), () => socket.resetAndDestroy());
    },
  };
}
