// An option of an endpoint is misspelt.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2561: 'validaton' does not exist in type … Did you mean to write 'validation'?
station(
  small201,
  { GetVariables: () => ({ getVariableResult: [] }), Reset: () => ({ status: "Accepted" }) },
  { validaton: { inbound: "report" } },
);
