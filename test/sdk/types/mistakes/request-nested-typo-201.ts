// A nested field of a request is misspelt (2.0.1).
import { station201 } from "../connections.ts";

// error TS2561: 'vendorname' does not exist in type 'ChargingStation'. Did you mean to write 'vendorName'?
await station201.call("BootNotification", { reason: "PowerUp", chargingStation: { model: "m", vendorname: "v" } });
