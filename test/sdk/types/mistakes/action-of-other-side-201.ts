// A CSMS calls what the station sends (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2345: "BootNotification is sent by the station, not by the csms"
await csms201.call("BootNotification", { reason: "PowerUp", chargingStation: { model: "m", vendorName: "v" } });
