// A wrong literal deep in a response.
import { csms } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2820: Type '"Acepted"' is not assignable to type 'AuthorizationStatusEnum'. Did you mean '"Accepted"'?
csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Acepted" } }),
  BootNotification: () => ({ status: "Accepted", currentTime: "t", interval: 1 }),
});
