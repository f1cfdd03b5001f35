/*
 * What the fixtures talk through: both ends of a connection of each version, and a connection that may be any of three.
 * The name of an end says whose it is: `station16` is held by a 1.6 station and calls the CSMS.
 */
import type { Peer, Transport } from "@ocpp/core";
import type { V16 } from "@ocpp/v16";
import type { V21 } from "@ocpp/v21";
import type { V201 } from "@ocpp/v201";

export declare const station16: Peer<V16, "station">;
export declare const station201: Peer<V201, "station">;
export declare const station21: Peer<V21, "station">;

export declare const csms16: Peer<V16, "csms">;
export declare const csms201: Peer<V201, "csms">;
export declare const csms21: Peer<V21, "csms">;

export declare const anyStation: Peer<V16, "station"> | Peer<V201, "station"> | Peer<V21, "station">;
export declare const anyCsms: Peer<V16, "csms"> | Peer<V201, "csms"> | Peer<V21, "csms">;

export declare const transport: Transport;
