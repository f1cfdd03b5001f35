// A fallback that is no function.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

// error TS2322: Type 'string' is not assignable to type 'Fallback<V201, "station", unknown>'.
station(v201, {}, { fallback: "NotImplemented" });
