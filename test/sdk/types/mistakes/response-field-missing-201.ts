// A field of a response is missing (2.0.1).
import { csms } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: Property 'interval' is missing in type
csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: (request) => ({ status: "Accepted", currentTime: request.reason }),
});
