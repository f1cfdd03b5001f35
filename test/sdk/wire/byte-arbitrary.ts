import * as fc from "fast-check";

const noise = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));

interface Framing {
  readonly fin: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** How the length is written: truly, or some number in one of the three notations. */
  readonly length: "true" | { readonly notation: 7 | 16 | 64; readonly value: number };
  readonly payload: Buffer;
}

const payload = fc.oneof(
  noise,
  fc
    .constantFrom('[2,"1","Heartbeat",{}]', "[", "[2", '[3,"1",{}]', '[2,"1","constructor",{}]', "")
    .map((text) => Buffer.from(text)),
);

const framing: fc.Arbitrary<Framing> = fc.record({
  fin: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
  reserved: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 7 })),
  opcode: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.integer({ min: 0, max: 15 })),
  masked: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
  length: fc.oneof(
    { weight: 5, arbitrary: fc.constant("true" as const) },
    fc.record({ notation: fc.constantFrom(7 as const, 16 as const, 64 as const), value: fc.maxSafeNat() }),
  ),
  payload,
});

function frameOf({ fin, reserved, opcode, masked, length, payload }: Framing): Buffer {
  const value = length === "true" ? payload.length : length.value;
  const notation = length === "true" ? (payload.length < 126 ? 7 : 16) : length.notation;
  const bit = masked ? 128 : 0;
  const head = [(fin ? 128 : 0) | (reserved << 4) | opcode];
  const size = Buffer.alloc(8);
  if (notation === 7) head.push(bit | Math.min(value, 125));
  else if (notation === 16) {
    size.writeUInt16BE(value % 65_536);
    head.push(bit | 126, ...size.subarray(0, 2));
  } else {
    size.writeBigUInt64BE(BigInt(value));
    head.push(bit | 127, ...size);
  }
  // A mask of zeros leaves the payload as it is.
  if (masked) head.push(0, 0, 0, 0);
  return Buffer.concat([Buffer.from(head), payload]);
}

/** WebSocket frames, right and wrong, with noise between them. */
export const socketBytes: fc.Arbitrary<Buffer> = fc
  .array(fc.oneof({ weight: 4, arbitrary: framing.map(frameOf) }, noise), { minLength: 1, maxLength: 8 })
  .map((pieces) => Buffer.concat(pieces));

const line = fc.constantFrom(
  "GET /station HTTP/1.1",
  "GET /%E0%A4%A HTTP/1.1",
  "GET /../../etc/passwd HTTP/1.1",
  "GET // HTTP/1.1",
  "GET http://[ HTTP/1.1",
  "GET /station?x=%zz HTTP/1.0",
  "POST /station HTTP/1.1",
  "CONNECT h:1 HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Upgrade: h2c",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Version: 99",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Key: short",
  "Sec-WebSocket-Protocol: ocpp1.6",
  "Sec-WebSocket-Protocol: ocpp2.0.1, , ocpp2.1",
  "Sec-WebSocket-Protocol: \u00ff",
  "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
  "Sec-WebSocket-Extensions: ;;;",
  "Authorization: Basic ====",
  "Authorization: Basic Og==",
  "Content-Length: 99999999999999999999",
  "Transfer-Encoding: chunked",
  "X: \u0000",
  "",
);

/** Opening requests, right and wrong, and bytes that are none. */
export const openingBytes: fc.Arbitrary<Buffer> = fc.oneof(
  noise,
  fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), noise, fc.boolean())
    .map(([lines, rest, ended]) =>
      Buffer.concat([Buffer.from(`${lines.join("\r\n")}${ended ? "\r\n\r\n" : ""}`, "latin1"), rest]),
    ),
);

/** An opening request that is accepted. */
export function handshake(identity: string, subprotocol: string): Buffer {
  const lines = [
    `GET /${identity} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Sec-WebSocket-Protocol: ${subprotocol}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}

/** Cuts bytes into segments, at the places given. */
export function segmentsOf(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
}
