// A wrong literal deep in a request (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2820: Type '"cCSS2"' is not assignable to type 'ConnectorEnum | undefined'. Did you mean '"cCCS2"'?
await csms201.call("ReserveNow", {
  id: 1,
  expiryDateTime: "t",
  idToken: { idToken: "x", type: "ISO14443" },
  connectorType: "cCSS2",
});
