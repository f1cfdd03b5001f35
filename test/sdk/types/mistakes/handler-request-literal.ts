// A request compared with a value of another version.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

station(small201, {
  GetVariables: () => ({ getVariableResult: [] }),
  // error TS2367: This comparison appears to be unintentional because the types 'ResetEnum' and '"Hard"' have no overlap.
  Reset: (request) => ({ status: request.type === "Hard" ? "Accepted" : "Rejected" }),
});
