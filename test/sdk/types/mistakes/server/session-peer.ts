// A session's peer, which is there only while connected, is used as though it always were.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

const session = connect("ws://127.0.0.1/ocpp/CS-1", [station(v201, {}, { fallback: () => ({}) })]);
// error TS18048: 'session.peer' is possibly 'undefined'.
await session.peer.call("Heartbeat", {});
