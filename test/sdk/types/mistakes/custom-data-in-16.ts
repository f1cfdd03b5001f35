// 1.6 has no CustomData.
import { station16 } from "../connections.ts";

// error TS2353: 'customData' does not exist in type 'AuthorizeRequest'.
await station16.call("Authorize", { idTag: "x", customData: { vendorId: "com.example" } });
