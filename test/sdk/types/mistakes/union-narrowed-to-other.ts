// Narrowed to one version, used as another.
import { anyStation } from "../connections.ts";

if (anyStation.protocol === "ocpp1.6") {
  // error TS2353: 'idToken' does not exist in type 'AuthorizeRequest'.
  await anyStation.call("Authorize", { idToken: { idToken: "x", type: "Local" } });
}
