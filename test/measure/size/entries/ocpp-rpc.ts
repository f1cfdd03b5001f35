// An ocpp-rpc client that validates; it runs in Node only, and brings the schemas of all its versions.
import { RPCClient } from "ocpp-rpc";

export { RPCClient };
