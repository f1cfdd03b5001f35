// A session of several versions is used without asking which was agreed.
import { station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

const fallback = () => ({});
const offers = [station(v201, {}, { fallback }), station(v16, {}, { fallback })] as const;
const peer = await connect("ws://127.0.0.1/ocpp/CS-1", offers).ready;
// error TS2349: This expression is not callable. … Each member of the union type … has signatures, but none of those signatures are compatible
await peer.call("Authorize", { idTag: "x" });
