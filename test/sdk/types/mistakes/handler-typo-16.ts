// The name of a handler is misspelt (1.6).
import { station } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2561: 'RemoteStartTransacton' does not exist in type … Did you mean to write 'RemoteStartTransaction'?
station(small16, {
  DataTransfer: () => ({ status: "UnknownVendorId" }),
  RemoteStartTransacton: () => ({ status: "Accepted" }),
  Reset: () => ({ status: "Accepted" }),
});
