// A field of a request is missing (2.0.1).
import { csms201 } from "../connections.ts";

// error TS2345, in 7.0 TS2741: Property 'type' is missing in type
await csms201.call("Reset", {});
