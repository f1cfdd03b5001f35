// A wrong literal in a request (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2820: Type '"Onidle"' is not assignable to type 'ResetEnum'. Did you mean '"OnIdle"'?
await csms201.call("Reset", { type: "Onidle" });
