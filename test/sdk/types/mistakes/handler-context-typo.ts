// A member of the context is misspelt.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: (_, context) => {
    // error TS2551: 'afterRespons' does not exist on type … Did you mean 'afterResponse'?
    context.afterRespons(() => {});
    return { status: "Accepted" };
  },
});
