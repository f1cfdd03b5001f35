import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { deflateRawSync } from "node:zlib";
import { WebSocket } from "ws";

/** A station whose frames are a thousandth of what they become when they are unpacked. */
export interface InflatingStation {
  /** Bytes that were written to the wire, and calls that were answered, by how. */
  readonly tally: { wire: number; results: number; errors: number };
  /** Sends so many frames as fast as the other end reads them, and resolves when they are written. */
  send(count: number): Promise<void>;
  /** Resolves when the other end has answered everything that came before. */
  settled(): Promise<void>;
  close(): void;
}

/** How many different frames take turns; to pack each one anew would cost the attacker more than its target. */
const different = 32;

/** A masked text frame of a client, compressed (RFC 7692), its mask all zeros. */
function packedFrame(text: string): Buffer {
  const payload = deflateRawSync(Buffer.from(text), { level: 9 });
  const head = Buffer.alloc(payload.length < 126 ? 6 : 8);
  head[0] = 0xc1;
  if (payload.length < 126) head[1] = 0x80 | payload.length;
  else {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(payload.length, 2);
  }
  return Buffer.concat([head, payload]);
}

/** Connects a station of OCPP 2.0.1, boots it, and lets it send what `textOf` gives for 32 message ids, in turn. */
export async function inflatingStation(
  url: string,
  identity: string,
  password: string,
  textOf: (messageId: string, index: number) => string,
): Promise<InflatingStation> {
  const headers = { Authorization: `Basic ${Buffer.from(`${identity}:${password}`).toString("base64")}` };
  const socket = new WebSocket(`${url}/${identity}`, ["ocpp2.0.1"], { headers, perMessageDeflate: true });
  await once(socket, "open");
  socket.on("error", () => {});
  const tally = { wire: 0, results: 0, errors: 0 };
  const waiting = new Map<string, () => void>();
  socket.on("message", (data: Buffer) => {
    const [type, id] = JSON.parse(data.toString()) as [number, string];
    if (type === 3) tally.results += 1;
    else tally.errors += 1;
    waiting.get(id)?.();
  });
  const answered = (id: string, action: string, payload: object): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify([2, id, action, payload]));
    });
  await answered("boot", "BootNotification", { reason: "PowerUp", chargingStation: { vendorName: "A", model: "B" } });
  const frames = Array.from({ length: different }, (_none, index) => packedFrame(textOf(randomUUID(), index)));
  let sent = 0;
  const raw = Reflect.get(socket, "_socket") as Socket;
  return {
    tally,
    send: async (count) => {
      for (let index = 0; index < count; index += 1) {
        const frame = frames[sent % different] as Buffer;
        sent += 1;
        tally.wire += frame.length;
        if (!raw.write(frame)) await once(raw, "drain");
      }
    },
    settled: () => answered(randomUUID(), "Heartbeat", {}),
    close: () => socket.terminate(),
  };
}
