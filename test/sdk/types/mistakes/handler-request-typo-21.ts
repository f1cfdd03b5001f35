// A field of the request is misspelt in a handler (2.1).
import { csms } from "@ocpp/core";
import { small21 } from "../subsets.ts";

csms(small21, {
  // error TS2551: 'evenType' does not exist on type 'BatterySwapRequest'. Did you mean 'eventType'?
  BatterySwap: (request) => ({ customData: { vendorId: request.evenType } }),
  NotifyPeriodicEventStream: () => {},
});
