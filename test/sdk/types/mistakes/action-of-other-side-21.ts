// A station calls what the CSMS sends (2.1).
import { station21 } from "../connections.ts";

// error TS2345: "UsePriorityCharging is sent by the csms, not by the station"
await station21.call("UsePriorityCharging", { transactionId: "t", activate: true });
