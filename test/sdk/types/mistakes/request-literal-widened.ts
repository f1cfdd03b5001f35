// A value widened to string, where a literal is asked for.
import { csms201 } from "../connections.ts";

const reset = { type: "OnIdle" };
// error TS2345: Type 'string' is not assignable to type 'ResetEnum'.
await csms201.call("Reset", reset);
