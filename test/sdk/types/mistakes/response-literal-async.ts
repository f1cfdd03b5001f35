// A wrong literal in the response of an asynchronous handler.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: Type '"Sheduled"' is not assignable to type 'ResetStatusEnum'. Did you mean '"Scheduled"'?
station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: async (request) => ({ status: request.type === "OnIdle" ? "Sheduled" : "Accepted" }),
});
