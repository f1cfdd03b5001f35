// A field is missing in the response of an asynchronous handler.
import { csms } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: Property 'interval' is missing in type
csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: async (request) => ({ status: "Accepted", currentTime: request.reason }),
});
