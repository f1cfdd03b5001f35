// A handler is missing (2.0.1).
import { csms } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2345, in 7.0 TS2741: Property 'BootNotification' is missing in type
csms(small201, { Authorize: () => ({ idTokenInfo: { status: "Accepted" } }) });
