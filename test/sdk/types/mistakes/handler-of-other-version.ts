// A handler of 1.6 in a 2.0.1 station.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2353: 'RemoteStartTransaction' does not exist in type
station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  RemoteStartTransaction: () => ({ status: "Accepted" }),
  Reset: () => ({ status: "Accepted" }),
});
