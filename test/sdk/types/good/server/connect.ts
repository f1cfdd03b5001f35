// A client's session hands out peers typed by the endpoints that were offered.
import { type Peer, station } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { type V201, v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { same } from "../assertion.ts";

const fallback = () => ({});
const offers = [station(v201, {}, { fallback }), station(v16, {}, { fallback })] as const;
const session = connect("ws://127.0.0.1/ocpp/CS-1", offers);

const peer = await session.ready;
same<typeof peer, Peer<V201, "station"> | Peer<V16, "station">>(true);
if (peer.protocol === "ocpp1.6") await peer.call("Authorize", { idTag: "x" });
else await peer.call("Heartbeat", {});

for await (const next of session.peers) same<typeof next, typeof peer>(true);
same<typeof session.peer, typeof peer | undefined>(true);
await session.close();
