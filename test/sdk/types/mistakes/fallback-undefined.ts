// A fallback that may be undefined serves nothing.
import { type EndpointOptions, station } from "@ocpp/core";
import type { V201 } from "@ocpp/v201";
import { v201 } from "@ocpp/v201";

declare const options: EndpointOptions<V201, "station">;
// error TS2379: Property 'fallback' is optional in type
station(v201, { Reset: () => ({ status: "Accepted" }) }, options);
