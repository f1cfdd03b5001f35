// A vendor's action is called by the side that receives it.
import type { Peer } from "@ocpp/core";
import type { acme201 } from "../subsets.ts";

declare const peer: Peer<typeof acme201, "csms">;
// error TS2345: "AcmePing is sent by the station, not by the csms"
await peer.call("AcmePing", { count: 1 });
