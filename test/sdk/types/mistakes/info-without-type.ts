// What authenticate returned is used where no type was given for it.
import { csms } from "@ocpp/core";
import { small201 } from "../subsets.ts";

csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: (_, context) => {
    // error TS18046: 'context.info' is of type 'unknown'.
    console.log(context.info.tenant);
    return { status: "Accepted", currentTime: "t", interval: 1 };
  },
});
