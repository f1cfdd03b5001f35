// The field customData itself is misspelt.
import { station201 } from "../connections.ts";

// error TS2561: 'customdata' does not exist in type 'HeartbeatRequest'. Did you mean to write 'customData'?
await station201.call("Heartbeat", { customdata: { vendorId: "com.example" } });
