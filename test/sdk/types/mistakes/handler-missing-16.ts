// A handler is missing (1.6).
import { station } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2345, in 7.0 TS2741: Property 'RemoteStartTransaction' is missing in type
station(small16, {
  DataTransfer: () => ({ status: "UnknownVendorId" }),
  Reset: () => ({ status: "Accepted" }),
});
