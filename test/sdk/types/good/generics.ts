// Functions over peers: of one version, of one side, and of any.
import type { AnyPeer, CallName, Endpoint, Peer, PeerOf, RequestOf, ResponseOf } from "@ocpp/core";
import type { V16 } from "@ocpp/v16";
import type { ResetRequest, ResetResponse, V201 } from "@ocpp/v201";
import { csms16, csms201, station201 } from "../connections.ts";
import { same } from "./assertion.ts";

const reset = async (peer: Peer<V201, "csms">): Promise<boolean> =>
  (await peer.call("Reset", { type: "Immediate" })).status === "Accepted";
await reset(csms201);

/** Keeps what peers have in common in a record by identity. */
const byIdentity = new Map<string, AnyPeer>();
for (const peer of [csms16, csms201, station201]) byIdentity.set(peer.identity, peer);
await byIdentity.get("CS-1")?.callByName("Reset", { type: "Soft" });

/** Calls with what a table says. */
async function callEach<K extends CallName<V201, "csms">>(
  peer: Peer<V201, "csms">,
  action: K,
  requests: readonly RequestOf<V201, K>[],
): Promise<unknown[]> {
  return Promise.all(requests.map((request) => peer.callByName(action, request)));
}
await callEach(csms201, "GetVariables", [{ getVariableData: [] }]);

same<RequestOf<V201, "Reset">, ResetRequest>(true);
same<ResponseOf<V201, "Reset">, ResetResponse>(true);
same<RequestOf<V201, "Rest">, never>(true);
same<PeerOf<Endpoint<V16, "station">>, Peer<V16, "station">>(true);
same<PeerOf<Endpoint<V16, "station"> | Endpoint<V201, "station">>, Peer<V16, "station"> | Peer<V201, "station">>(true);
