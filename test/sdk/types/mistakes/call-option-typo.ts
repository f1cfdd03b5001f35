// An option of a call is misspelt.
import { csms201 } from "../connections.ts";

// error TS2561: 'timeuot' does not exist in type 'CallOptions'. Did you mean to write 'timeout'?
await csms201.call("Reset", { type: "OnIdle" }, { timeuot: 1_000 });
