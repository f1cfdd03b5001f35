// A text where a number belongs.
import { csms201 } from "../connections.ts";

// error TS2322: Type 'string' is not assignable to type 'number'.
await csms201.call("Reset", { type: "OnIdle", evseId: "1" });
