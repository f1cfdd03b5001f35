// The name of an action is misspelt (2.1).
import { station21 } from "../connections.ts";

// error TS2345: Argument of type '"BateriSwap"' is not assignable to parameter of type '"…" | "…"
await station21.call("BateriSwap", {
  batteryData: [],
  eventType: "BatteryIn",
  idToken: { idToken: "x", type: "Local" },
  requestId: 1,
});
