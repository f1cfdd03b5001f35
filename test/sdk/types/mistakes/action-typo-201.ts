// The name of an action is misspelt (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2345: Argument of type '"Rest"' is not assignable to parameter of type '"…" | "…"
await csms201.call("Rest", { type: "OnIdle" });
