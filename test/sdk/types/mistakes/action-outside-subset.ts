// An action that the protocol's subset leaves out.
import type { Peer } from "@ocpp/core";
import type { small201 } from "../subsets.ts";

declare const peer: Peer<typeof small201, "station">;
// error TS2345: Argument of type '"Heartbeat"' is not assignable to parameter of type '"…" | "…"
await peer.call("Heartbeat", {});
