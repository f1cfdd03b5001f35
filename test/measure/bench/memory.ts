import { fork } from "node:child_process";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";
import { RPCServer } from "ocpp-rpc";
import { WebSocketServer } from "ws";

/**
 * Bytes that a server's process grows by for each idle connection (`rss`), and what of it is heap and buffers (`heap`). Run with --expose-gc and the name of a
 * contender; the clients live in a child process.
 */

const connections = 8_000;

async function listen(name: string): Promise<number> {
  if (name === "bare") {
    const server = new WebSocketServer({
      port: 0,
      host: "127.0.0.1",
      handleProtocols: () => "ocpp2.0.1",
      perMessageDeflate: false,
    });
    server.on("connection", (socket) => socket.on("message", () => {}));
    await new Promise((resolve) => server.once("listening", resolve));
    return (server.address() as AddressInfo).port;
  }
  if (name === "ours") {
    const server = await serve({ port: 0, host: "127.0.0.1", endpoints: [csms(v201, {}, { fallback: () => ({}) })] });
    return server.port;
  }
  const server = new RPCServer({ protocols: ["ocpp2.0.1"], strictMode: true });
  server.auth((accept) => {
    accept();
  });
  return ((await server.listen(0, "127.0.0.1")).address() as AddressInfo).port;
}

function used(): { readonly rss: number; readonly heap: number } {
  for (let round = 0; round < 4; round += 1) globalThis.gc?.();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed + external + arrayBuffers };
}

const port = await listen(process.argv[2] ?? "ours");
const clients = fork(fileURLToPath(new URL("idle-clients.ts", import.meta.url)), [String(port), "200"], {
  execArgv: ["--import", "tsx"],
});
const opened = (): Promise<unknown> => new Promise((resolve) => clients.once("message", resolve));
await opened();
const before = used();
clients.send(connections);
await opened();
const after = used();
process.stdout.write(
  `${JSON.stringify({ rss: (after.rss - before.rss) / connections, heap: (after.heap - before.heap) / connections })}\n`,
);
clients.kill();
process.exit(0);
