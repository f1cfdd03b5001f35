// A station handles what it sends itself (2.0.1).
import { station } from "@ocpp/core";
import { small201 } from "../subsets.ts";

// error TS2322: "a station receives no BootNotification"
station(small201, {
  BootNotification: () => ({ status: "Accepted", currentTime: "t", interval: 1 }),
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: () => ({ status: "Accepted" }),
});
