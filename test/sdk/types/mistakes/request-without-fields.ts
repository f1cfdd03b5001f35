// A field in a request that has none.
import { station16 } from "../connections.ts";

// error TS2322: Type 'string' is not assignable to type 'never'.
await station16.call("Heartbeat", { at: "now" });
