// A wrong literal in the response of an asynchronous handler, in a map of a whole version with a fallback.
import { station } from "@ocpp/core";
import { v21 } from "@ocpp/v21";

// error TS2322: Type '"Acepted"' is not assignable to type 'ResetStatusEnum'. Did you mean '"Accepted"'?
station(v21, { Reset: async () => ({ status: "Acepted" }) }, { fallback: () => ({}) });
