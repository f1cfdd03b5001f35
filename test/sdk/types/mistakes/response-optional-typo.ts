// An optional field of a response is misspelt.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: "ResetResponse has no field statusinfo"
station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: () => ({ status: "Accepted", statusinfo: { reasonCode: "x" } }),
});
