// A vendor's field that arrived is used without a look at it.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: (request) => {
    // error TS18046: 'request.customData.slot' is of type 'unknown'.
    console.log(request.customData?.slot.toFixed());
    return { status: "Accepted" };
  },
});
