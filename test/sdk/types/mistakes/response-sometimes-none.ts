// A handler that on one path returns nothing.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: Type 'undefined' is not assignable to type … ResetResponse
station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: (request) => {
    if (request.type === "OnIdle") return { status: "Scheduled" };
    return undefined;
  },
});
