// A field of a request is misspelt (2.1).
import { csms21 } from "../connections.ts";

// error TS2561: 'transactionID' does not exist in type 'UsePriorityChargingRequest'. Did you mean to write 'transactionId'?
await csms21.call("UsePriorityCharging", { transactionID: "t", activate: true });
