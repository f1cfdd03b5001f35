// The validation of an action that the protocol does not have.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2561: 'Rest' does not exist in type … Did you mean to write 'Reset'?
station(
  small201,
  { GetVariables: () => ({ getVariableResult: [] }), Reset: () => ({ status: "Accepted" }) },
  { validation: { actions: { Rest: { inbound: "off" } } } },
);
