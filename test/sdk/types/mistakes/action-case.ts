// The name of an action is written in the wrong case.
import { station16 } from "../connections.ts";

// error TS2345: Argument of type '"heartbeat"' is not assignable to parameter of type '"…" | "…"
await station16.call("heartbeat", {});
