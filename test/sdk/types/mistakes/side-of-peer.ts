// A side that does not exist.
import type { Peer } from "@ocpp/core";
import type { V201 } from "@ocpp/v201";

// error TS2344: Type '"server"' does not satisfy the constraint 'Side'.
export declare const peer: Peer<V201, "server">;
