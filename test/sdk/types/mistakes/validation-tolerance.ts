// A tolerance that the version does not know.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2820: Type '"lenght"' is not assignable to type … Did you mean '"length"'?
station(
  small201,
  { GetVariables: () => ({ getVariableResult: [] }), Reset: () => ({ status: "Accepted" }) },
  { validation: { tolerate: ["lenght"] } },
);
