// A 1.6 action on a 2.0.1 connection.
import { csms201 } from "../connections.ts";

// error TS2345: Argument of type '"RemoteStartTransaction"' is not assignable to parameter of type '"…" | "…"
await csms201.call("RemoteStartTransaction", { idTag: "x" });
