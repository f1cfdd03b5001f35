import { station } from "@ocpp/core";
import { BootNotification, edition, Heartbeat, TriggerMessage } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

// Only these three actions, with their validators, end up in the bundle.
const small = { ...edition, actions: { BootNotification, Heartbeat, TriggerMessage } };

const show = (text: string) => {
  document.body.append(text, document.createElement("br"));
};

connect("ws://127.0.0.1:9000/ocpp", [station(small, { TriggerMessage: () => ({ status: "NotImplemented" }) })], {
  identity: "PAGE1",
  heartbeat: 60_000, // A browser cannot ping; this tells a dead connection.
  onPeer: async (peer) => {
    const { status, currentTime } = await peer.call("BootNotification", {
      reason: "PowerUp",
      chargingStation: { vendorName: "Acme", model: "Page" },
    });
    show(`BootNotification: ${status} at ${currentTime}`);
  },
  onFailure: ({ error }) => show(error.message),
});
