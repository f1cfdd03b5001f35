// An action known only when the program runs: callByName is for that.
import { csms201 } from "../connections.ts";

declare const action: string;
// error TS2345: Argument of type 'string' is not assignable to parameter of type '"…" | "…"
await csms201.call(action, { type: "OnIdle" });
