// The wrong payload of a vendor's action.
import type { Peer } from "@ocpp/core";
import type { acme201 } from "../subsets.ts";

declare const peer: Peer<typeof acme201, "station">;
// error TS2561: 'cuont' does not exist in type '{ count: number; }'. Did you mean to write 'count'?
await peer.call("AcmePing", { cuont: 1 });
