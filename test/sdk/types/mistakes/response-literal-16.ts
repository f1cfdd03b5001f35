// A wrong literal in a response (1.6).
import { station } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2820: Type '"Acepted"' is not assignable to type 'RemoteStartStopStatus'. Did you mean '"Accepted"'?
station(small16, {
  DataTransfer: () => ({ status: "UnknownVendorId" }),
  RemoteStartTransaction: () => ({ status: "Acepted" }),
  Reset: () => ({ status: "Accepted" }),
});
