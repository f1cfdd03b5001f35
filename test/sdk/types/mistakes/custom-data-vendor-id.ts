// CustomData without the vendor's id.
import { station201 } from "../connections.ts";

// error TS2322: Property 'vendorId' is missing in type
await station201.call("Heartbeat", { customData: { slot: 3 } });
