import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Endpoint, Protocol, Side } from "@ocpp/core";
import { onTestFinished } from "vitest";
import { RPCServer, type RpcClient, type RpcHandshake, type RpcServerClient } from "./ocpp-rpc.ts";

/** A CSMS made of ocpp-rpc. */
export interface RpcCsms {
  readonly url: string;
  /** The next station that connects. */
  readonly nextClient: () => Promise<RpcServerClient>;
}

/** What a CSMS made of ocpp-rpc is like. */
export interface RpcCsmsOptions {
  readonly subprotocol: string;
  readonly strict: boolean;
  /** Who is let in; everybody unless given. */
  readonly admits?: (handshake: RpcHandshake) => boolean;
  /** Given every station that connects, before anything that it sends is handled. */
  readonly prepare?: (client: RpcServerClient) => void;
}

/** Starts a CSMS made of ocpp-rpc, which ends with the test. */
export async function startRpcCsms({ subprotocol, strict, admits, prepare }: RpcCsmsOptions): Promise<RpcCsms> {
  const server = new RPCServer({ protocols: [subprotocol], strictMode: strict });
  if (admits !== undefined) {
    server.auth((accept, reject, handshake) => {
      if (admits(handshake)) accept();
      else reject(401, "Unauthorized");
    });
  }
  const connected: RpcServerClient[] = [];
  server.on("client", (client: RpcServerClient) => {
    prepare?.(client);
    connected.push(client);
    server.emit("prepared");
  });
  const listener = await server.listen(0, "127.0.0.1");
  onTestFinished(() => server.close({ force: true }));
  return {
    url: `ws://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    nextClient: async () => {
      for (;;) {
        const client = connected.shift();
        if (client !== undefined) return client;
        await once(server, "prepared");
      }
    },
  };
}

/** Serves the calls that reach an end of ocpp-rpc with the handlers of an endpoint of ours. */
export function serveWith(endpoint: Endpoint<Protocol, Side>, client: RpcServerClient | RpcClient): void {
  client.handle(({ method, params, messageId }) => {
    const handler = endpoint.compiled.get(method)?.handler;
    if (handler === undefined) throw new Error(`No handler of ${method}`);
    const context = {
      // The answer has been handed to the socket when the listeners of this event are through.
      afterResponse: (task: () => Promise<void>) => {
        const answered = ({ payload }: { readonly payload: readonly unknown[] }): void => {
          if (payload[1] !== messageId) return;
          client.off("response", answered);
          queueMicrotask(() => void task());
        };
        client.on("response", answered);
      },
    };
    return handler(params, context as never);
  });
}
