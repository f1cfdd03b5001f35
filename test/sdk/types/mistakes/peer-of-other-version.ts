// A function for one version is given another.
import type { Peer } from "@ocpp/core";
import type { V201 } from "@ocpp/v201";
import { csms16 } from "../connections.ts";

const reset = (peer: Peer<V201, "csms">) => peer.call("Reset", { type: "OnIdle" });
// error TS2345: Type '"ocpp1.6"' is not assignable to type '"ocpp2.0.1"'.
await reset(csms16);
