// An answer to a message that is never answered.
import { csms } from "@ocpp/core";
import { small21 } from "../subsets.ts";

// error TS2322: Type '{ status: string; }' is not assignable to type
csms(small21, { BatterySwap: () => ({}), NotifyPeriodicEventStream: () => ({ status: "Accepted" }) });
