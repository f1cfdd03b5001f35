// The name of an action is misspelt (1.6).
import { csms16 } from "../connections.ts";

// error TS2345: Argument of type '"RemoteStartTransacton"' is not assignable to parameter of type '"…" | "…"
await csms16.call("RemoteStartTransacton", { idTag: "x" });
