// A CSMS handles what it sends itself (1.6).
import { csms } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2322: "a csms receives no Reset"
csms(small16, {
  Authorize: () => ({ idTagInfo: { status: "Accepted" } }),
  DataTransfer: () => ({ status: "Rejected" }),
  Reset: () => ({ status: "Accepted" }),
});
