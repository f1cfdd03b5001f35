// A field of what authenticate returned is misspelt.
import { withInfo } from "@ocpp/core";
import { small201 } from "../subsets.ts";

const { csms } = withInfo<{ tenant: string }>();
csms(small201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: (_, context) => {
    // error TS2551: 'tennant' does not exist on type '{ tenant: string; }'. Did you mean 'tenant'?
    console.log(context.info.tennant);
    return { status: "Accepted", currentTime: "t", interval: 1 };
  },
});
