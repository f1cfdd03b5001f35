import type { AddressInfo } from "node:net";
import { csms, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { serve } from "@ocpp/websocket/server";
import { RPCClient, RPCServer } from "ocpp-rpc";
import { WebSocket, WebSocketServer } from "ws";
import { responseOf } from "./traffic.ts";

/** A server and clients of one implementation in this process, and how one of its clients makes a call. */
export interface Contender {
  readonly name: string;
  readonly clients: readonly ((action: string, request: object) => Promise<unknown>)[];
  close(): Promise<void>;
}

/** `ws` with JSON.parse and JSON.stringify and the least that tells an answer from a call: the measure of all others. */
export async function bare(connections: number): Promise<Contender> {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    handleProtocols: () => "ocpp2.0.1",
    perMessageDeflate: false,
  });
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const [, id, action] = JSON.parse(data.toString()) as [number, string, string];
      socket.send(JSON.stringify([3, id, responseOf[action]]));
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const sockets = await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/CS${index}`, "ocpp2.0.1", { perMessageDeflate: false });
      await new Promise((resolve) => socket.once("open", resolve));
      return socket;
    }),
  );
  const clients = sockets.map((socket) => {
    const pending = new Map<string, (payload: unknown) => void>();
    let ids = 0;
    socket.on("message", (data: Buffer) => {
      const [, id, payload] = JSON.parse(data.toString()) as [number, string, unknown];
      pending.get(id)?.(payload);
      pending.delete(id);
    });
    return (action: string, request: object) =>
      new Promise<unknown>((resolve) => {
        ids += 1;
        const id = String(ids);
        pending.set(id, resolve);
        socket.send(JSON.stringify([2, id, action, request]));
      });
  });
  return {
    name: "bare ws",
    clients,
    close: async () => {
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** This project, everything validated at both ends. */
export async function ours(connections: number): Promise<Contender> {
  const server = await serve({
    port: 0,
    host: "127.0.0.1",
    endpoints: [csms(v201, {}, { fallback: (action) => responseOf[action] })],
  });
  const address = server.url;
  const sessions = Array.from({ length: connections }, (_, index) =>
    connect(address, [station(v201, {}, { fallback: () => ({}) })], { identity: `CS${index}` }),
  );
  const peers = await Promise.all(sessions.map((session) => session.ready));
  return {
    name: "ours",
    clients: peers.map((peer) => (action: string, request: object) => peer.callByName(action, request)),
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()));
      await server.close();
    },
  };
}

/** ocpp-rpc in strict mode, which validates with ajv at both ends. */
export async function ocppRpc(connections: number): Promise<Contender> {
  const server = new RPCServer({ protocols: ["ocpp2.0.1"], strictMode: true });
  server.auth((accept) => {
    accept();
  });
  server.on("client", (client: { handle(handler: (call: { method: string }) => Promise<object>): void }) => {
    client.handle(async ({ method }) => responseOf[method] ?? {});
  });
  const http = await server.listen(0, "127.0.0.1");
  const { port } = http.address() as AddressInfo;
  const peers = await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const client = new RPCClient({
        endpoint: `ws://127.0.0.1:${port}`,
        identity: `CS${index}`,
        protocols: ["ocpp2.0.1"],
        strictMode: true,
      } as ConstructorParameters<typeof RPCClient>[0]);
      await client.connect();
      return client;
    }),
  );
  return {
    name: "ocpp-rpc",
    clients: peers.map(
      (client) => (action: string, request: object) => client.call(action, request) as Promise<unknown>,
    ),
    close: async () => {
      await Promise.all(peers.map((client) => client.close({})));
      await server.close({});
    },
  };
}
