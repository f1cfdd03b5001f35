import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";

/** The server's end of a WebSocket, on which anything can be sent. */
interface RawSocket {
  /** Sends a text and gives the next frame that arrives. */
  readonly ask: (text: string) => Promise<unknown>;
  readonly close: () => void;
}

/** A server without OCPP, which ends with the test. */
export interface RawServer {
  readonly url: string;
  /** The next client that connects. */
  readonly next: () => Promise<RawSocket>;
}

/** Starts a server that agrees to a subprotocol and does nothing by itself. */
export async function startRawServer(subprotocol: string): Promise<RawServer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: () => subprotocol });
  const sockets: WebSocket[] = [];
  server.on("connection", (socket) => {
    sockets.push(socket);
    server.emit("kept");
  });
  await once(server, "listening");
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: async () => {
      let socket = sockets.shift();
      while (socket === undefined) {
        await once(server, "kept");
        socket = sockets.shift();
      }
      const opened = socket;
      return {
        ask: async (text) => {
          const answer = once(opened, "message");
          opened.send(text);
          const [data] = (await answer) as [Buffer];
          return JSON.parse(data.toString()) as unknown;
        },
        close: () => {
          opened.close();
        },
      };
    },
  };
}
