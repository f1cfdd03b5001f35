// The name of a handler is misspelt, and there are options.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2561: 'Rest' does not exist in type … Did you mean to write 'Reset'?
station(
  small201,
  { GetVariables: () => ({ getVariableResult: [] }), Rest: () => ({ status: "Accepted" }) },
  { validation: { inbound: "report" } },
);
