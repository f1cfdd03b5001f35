// A handler calls its caller with an action that the caller sends.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: async (_, { peer }) => {
    // error TS2345: "GetVariables is sent by the csms, not by the station"
    await peer.call("GetVariables", { getVariableData: [] });
    return { status: "Accepted" };
  },
});
