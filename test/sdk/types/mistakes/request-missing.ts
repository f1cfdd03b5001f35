// A call without a request.
import { csms201 } from "../connections.ts";

// error TS2554: Expected 2-3 arguments, but got 1.
await csms201.call("Reset");
