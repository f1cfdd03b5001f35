// The request of another action.
import type { ClearCacheRequest, ResetRequest } from "@ocpp/v201";
import { csms201 } from "../connections.ts";

declare const request: ClearCacheRequest | ResetRequest;
// error TS2345: Property 'type' is missing in type
await csms201.call("Reset", request);
