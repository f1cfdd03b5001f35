// The name of a handler is misspelt (2.0.1).
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2561: 'Rest' does not exist in type … Did you mean to write 'Reset'?
station(small201, { GetVariables: () => ({ getVariableResult: [] }), Rest: () => ({ status: "Accepted" }) });
