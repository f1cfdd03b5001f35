// A field of the request is misspelt in a handler.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: (request) => {
    // error TS2551: 'evseID' does not exist on type 'ResetRequest'. Did you mean 'evseId'?
    console.log(request.evseID);
    return { status: "Accepted" };
  },
});
