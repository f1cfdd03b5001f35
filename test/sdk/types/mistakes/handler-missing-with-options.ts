// A handler is missing, and there are options but no fallback.
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2345, in 7.0 TS2741: Property 'GetVariables' is missing in type
station(small201, { Reset: () => ({ status: "Accepted" }) }, { validation: { inbound: "report" } });
