// A function for one side is given the other.
import type { Peer } from "@ocpp/core";
import type { V201 } from "@ocpp/v201";
import { station201 } from "../connections.ts";

const reset = (peer: Peer<V201, "csms">) => peer.call("Reset", { type: "OnIdle" });
// error TS2345: Type '"station"' is not assignable to type '"csms"'.
await reset(station201);
