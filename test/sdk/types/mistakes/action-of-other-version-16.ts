// A 2.0.1 action on a 1.6 connection.
import { station16 } from "../connections.ts";

// error TS2345: Argument of type '"TransactionEvent"' is not assignable to parameter of type '"…" | "…"
await station16.call("TransactionEvent", {});
