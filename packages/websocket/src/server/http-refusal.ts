import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ConnectionRefusal } from "./connection-refusal.ts";

function destroy(this: Duplex): void {
  this.destroy();
}

/**
 * Answers an opening request with an HTTP error and ends the connection. The socket must not have been upgraded, and must
 * have a listener for errors.
 */
export function writeRefusal(socket: Duplex, { status, text, headers = {} }: ConnectionRefusal): void {
  if (status === undefined || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = `${text}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.once("finish", destroy);
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
