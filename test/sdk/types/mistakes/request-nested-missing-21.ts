// A nested field of a request is missing (2.1).
import { station21 } from "../connections.ts";

// error TS2741: Property 'vendorName' is missing in type
await station21.call("BootNotification", { reason: "PowerUp", chargingStation: { model: "m" } });
