// A tolerance misspelt in the rule of one action.
import { station } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2820: Did you mean '"lenient-date-time"'?
station(small16, {}, { fallback: () => ({}), validation: { actions: { Reset: { tolerate: ["lenient-datetime"] } } } });
