import { onTestFinished } from "vitest";
import { RPCClient, type RpcClient, type RpcClientOptions } from "./ocpp-rpc.ts";

/** Makes a station of ocpp-rpc, which is not connected yet and ends with the test. */
export function makeRpcStation(options: RpcClientOptions): RpcClient {
  const client = new RPCClient({ reconnect: false, ...options });
  onTestFinished(async () => {
    await client.close({ force: true });
  });
  return client;
}
