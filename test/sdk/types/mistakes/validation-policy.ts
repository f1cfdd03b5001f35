// A validation policy is misspelt.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2820: Type '"reprot"' is not assignable to type 'ValidationPolicy | undefined'. Did you mean '"report"'?
station(
  small201,
  { GetVariables: () => ({ getVariableResult: [] }), Reset: () => ({ status: "Accepted" }) },
  { validation: { inbound: "reprot" } },
);
