// A station in a browser that boots and beats, and knows no other action.
import { station } from "@ocpp/core";
import { BootNotification, edition, Heartbeat } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

const endpoint = station({ ...edition, actions: { BootNotification, Heartbeat } }, {});

const session = connect("wss://csms.example/ocpp/CS-1", [endpoint]);
const peer = await session.ready;
await peer.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { vendorName: "Acme", model: "Browser" },
});
await peer.call("Heartbeat", {});
