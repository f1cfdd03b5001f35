import { type AnyPeer, ConnectionError, type Protocol, type Sink, type Transport } from "@ocpp/core";
import type { WebSocket } from "ws";
import { warn } from "../warning.ts";
import type { CallLimit } from "./call-limit.ts";
import { closeCode } from "./close-code.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** What all connections of a server share. */
export interface ConnectionHost {
  /** Counts steps of time; see `Liveness`. */
  readonly tick: number;
  /** Steps that a closing handshake may take. */
  readonly closingTicks: number;
  /** The most bytes that may wait to leave. */
  readonly maxBuffered: number;
  readonly callLimit: CallLimit | undefined;
  /** The connection serves no more, though its socket may linger; the sink, where there is one, is to be told. */
  ended(connection: Connection, sink: Sink | undefined, code: number, reason: string): void;
  /** The socket is gone. */
  gone(connection: Connection): void;
}

const owner = Symbol("connection");

/** A socket that knows its connection, so that all sockets share their listeners. */
interface OwnedSocket extends WebSocket {
  [owner]?: Connection;
}

function onMessage(this: OwnedSocket, data: Buffer, isBinary: boolean): void {
  this[owner]?.received(data, isBinary);
}

function onClose(this: OwnedSocket, code: number, reason: Buffer): void {
  this[owner]?.socketClosed(code, reason.toString());
}

function onError(this: OwnedSocket, error: Error): void {
  this[owner]?.socketFailed(error);
}

function onSign(this: OwnedSocket): void {
  this[owner]?.heardFrom();
}

/** The most bytes of a reason that a close frame can carry (RFC 6455 §5.5). */
const longestReason = 123;

function shorten(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > longestReason) text = text.slice(0, -1);
  return text;
}

/** The codes with which `ws` closes after an error in what arrived. */
const codeOfError: ReadonlyMap<string, number> = new Map([
  ["WS_ERR_INVALID_UTF8", 1007],
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", 1009],
  ["WS_ERR_TOO_MANY_BUFFERED_PARTS", 1008],
]);

/**
 * One WebSocket of a station: the transport of its peer. There are many of them, so each holds no more than it must: no
 * timer, no listener of its own, no closure.
 */
export class Connection implements Transport {
  readonly identity: string;
  readonly address: string;
  readonly protocol: Protocol;
  /** Counts up with every opening request, so that older and newer can be told apart. */
  readonly arrival: number;
  /** The peer that serves the connection; absent where none does. */
  peer: AnyPeer | undefined;
  bucket: TokenBucket | undefined;
  /** The tick when anything was heard last, and when a message was. */
  heard: number;
  messaged: number;
  /** The tick of the ping that waits for its pong; 0 where none does. */
  pinged = 0;
  /** The tick from which on the socket is cut off; 0 while it is open. */
  deadline = 0;
  readonly #host: ConnectionHost;
  readonly #socket: OwnedSocket;
  #sink: Sink | undefined;
  #ended = false;

  constructor(
    host: ConnectionHost,
    socket: WebSocket,
    { identity, address, protocol, arrival }: Pick<Connection, "identity" | "address" | "protocol" | "arrival">,
  ) {
    this.identity = identity;
    this.address = address;
    this.protocol = protocol;
    this.arrival = arrival;
    this.heard = host.tick;
    this.messaged = host.tick;
    this.#host = host;
    this.#socket = socket;
    this.#socket[owner] = this;
    socket.on("message", onMessage);
    socket.on("close", onClose);
    socket.on("error", onError);
    socket.on("ping", onSign);
    socket.on("pong", onSign);
  }

  get subprotocol(): string {
    return this.protocol.subprotocol;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  /** The peer is put on in the same tick in which the socket opens, so no frame can have come before. */
  start(sink: Sink): void {
    this.#sink = sink;
  }

  send(text: string): void {
    if (this.#socket.readyState !== 1) throw new ConnectionError("not-connected", "The WebSocket is not open");
    if (this.#socket.bufferedAmount > this.#host.maxBuffered) {
      // Later, since this may be called from within the peer that is told.
      queueMicrotask(() => {
        this.cut(closeCode.slow, "The station does not read");
      });
      throw new ConnectionError("not-connected", "The station does not read what it is sent");
    }
    this.#socket.send(text);
  }

  close(code = 1000, reason = ""): void {
    if (this.deadline !== 0) return;
    this.deadline = this.#host.tick + this.#host.closingTicks;
    this.#socket.close(code, shorten(reason));
  }

  /** Ends the connection for its peer at once, and closes the socket. */
  end(code: number, reason: string): void {
    this.#end(code, reason);
    this.close(code, reason);
  }

  /** Ends the connection and the socket at once. For what is dead or does not read: it would not see a close frame. */
  cut(code: number, reason: string): void {
    this.#end(code, reason);
    this.#sink = undefined;
    this.#socket.terminate();
  }

  ping(): void {
    this.pinged = this.#host.tick;
    this.#socket.ping();
  }

  heardFrom(): void {
    this.heard = this.#host.tick;
    this.pinged = 0;
  }

  /** What has been sent before the other side learnt of the end still reaches the sink, which handles it without an answer. */
  received(data: Buffer, isBinary: boolean): void {
    this.heardFrom();
    const sink = this.#sink;
    if (sink === undefined) return;
    if (isBinary) {
      this.end(closeCode.binary, "OCPP is text");
      this.#sink = undefined;
      return;
    }
    this.messaged = this.heard;
    const text = data.toString();
    try {
      if (this.#host.callLimit?.refuses(this, text) !== true) sink.message(text);
    } catch (error) {
      // A sink never throws; if one does, that must not end the process and every other connection with it.
      warn(`A message of ${this.identity} could not be handled`, error);
      this.end(1011, "");
      this.#sink = undefined;
    }
  }

  socketClosed(code: number, reason: string): void {
    this.#end(code, reason);
    this.#sink = undefined;
    this.#host.gone(this);
  }

  /** `ws` closes by itself after an error in what arrived; errors of the network end in `close`. */
  socketFailed(error: Error): void {
    const code = "code" in error ? String(error.code) : "";
    if (!code.startsWith("WS_ERR_")) return;
    this.deadline = this.#host.tick + this.#host.closingTicks;
    this.#end(codeOfError.get(code) ?? 1002, error.message);
    this.#sink = undefined;
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#host.ended(this, this.#sink, code, reason);
  }
}
