// A peer is given another info than its handlers use.
import { connectPeer, withInfo } from "@ocpp/core";
import { transport } from "../connections.ts";
import { small201 } from "../subsets.ts";

const { station } = withInfo<{ tenant: string }>();
const endpoint = station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: () => ({ status: "Accepted" }),
});
// error TS2353: 'account' does not exist in type '{ tenant: string; }'.
connectPeer(transport, endpoint, { info: { account: 3 } });
