// A field of a request is missing (1.6).
import { csms16 } from "../connections.ts";

// error TS2345, in 7.0 TS2741: Property 'type' is missing in type
await csms16.call("ChangeAvailability", { connectorId: 1 });
