// An optional field of the response of an asynchronous handler is misspelt.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: "ResetResponse has no field statusinfo"
station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: async (request) => ({
    status: request.type === "OnIdle" ? "Scheduled" : "Accepted",
    statusinfo: { reasonCode: "x" },
  }),
});
