// A wrong literal in a response, and there are options.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2820: Type '"Acepted"' is not assignable to type 'ResetStatusEnum'. Did you mean '"Accepted"'?
station(
  small201,
  { GetVariables: () => ({ getVariableResult: [] }), Reset: () => ({ status: "Acepted" }) },
  { validation: { inbound: "report" } },
);
