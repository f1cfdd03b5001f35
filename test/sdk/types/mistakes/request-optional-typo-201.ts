// An optional field of a request is misspelt (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2561: 'evseid' does not exist in type 'ResetRequest'. Did you mean to write 'evseId'?
await csms201.call("Reset", { type: "OnIdle", evseid: 3 });
