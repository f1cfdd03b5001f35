// A peer of no version in particular calls by name only.
import type { AnyPeer } from "@ocpp/core";

declare const peer: AnyPeer;
// error TS2339: 'call' does not exist on type 'AnyPeer'.
await peer.call("Reset", { type: "OnIdle" });
