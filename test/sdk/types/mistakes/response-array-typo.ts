// An optional field in an array of a response is misspelt.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: "GetVariablesResponse has no field attributevalue"
station(small201, {
  GetVariables: ({ getVariableData }) => ({
    getVariableResult: getVariableData.map(({ component, variable }) => ({
      attributeStatus: "Accepted",
      attributevalue: "1",
      component,
      variable,
    })),
  }),
  Reset: () => ({ status: "Accepted" }),
});
