// What an ocpp-rpc client validates with; it runs in Node only.
import { RPCClient } from "ocpp-rpc";

export const client = new RPCClient({
  endpoint: "wss://csms.example/ocpp",
  identity: "CS-1",
  protocols: ["ocpp2.0.1"],
  strictMode: true,
});
