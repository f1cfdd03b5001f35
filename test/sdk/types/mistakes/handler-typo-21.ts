// The name of a handler is misspelt (2.1).
import { csms } from "@ocpp/core";
import { small21 } from "../subsets.ts";

// error TS2561: 'NotifyPeriodicEventStreams' does not exist in type … Did you mean to write 'NotifyPeriodicEventStream'?
csms(small21, { BatterySwap: () => ({}), NotifyPeriodicEventStreams: () => {} });
