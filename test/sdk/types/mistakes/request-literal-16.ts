// A wrong literal in a request (1.6).
import { csms16 } from "../connections.ts";

// error TS2820: Type '"hard"' is not assignable to type 'ResetType'. Did you mean '"Hard"'?
await csms16.call("Reset", { type: "hard" });
