// An asynchronous handler that returns nothing.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: Type 'void' is not assignable to type 'ResetResponse'.
station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: async (request) => {
    console.log(request.type);
  },
});
