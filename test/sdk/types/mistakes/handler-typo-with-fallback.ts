// The name of a handler is misspelt, and a fallback serves the rest.
import { csms } from "@ocpp/core";
import { v21 } from "@ocpp/v21";

// error TS2561: 'BateriSwap' does not exist in type … Did you mean to write 'BatterySwap'?
csms(v21, { BateriSwap: () => ({}) }, { fallback: () => ({}) });
