// The name of an action is misspelt in a call with options.
import { csms201 } from "../connections.ts";

// error TS2345: Argument of type '"Rest"' is not assignable to parameter of type '"…" | "…"
await csms201.call("Rest", { type: "OnIdle" }, { timeout: 1_000 });
