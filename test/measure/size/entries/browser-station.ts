// A station in a browser that knows all of OCPP 2.0.1.
import { OcppError, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

const endpoint = station(
  v201,
  { Reset: () => ({ status: "Accepted" }) },
  {
    fallback: () => {
      throw new OcppError("NotSupported", "Not in a browser");
    },
  },
);

const session = connect("wss://csms.example/ocpp/CS-1", [endpoint]);
const peer = await session.ready;
await peer.call("BootNotification", {
  reason: "PowerUp",
  chargingStation: { vendorName: "Acme", model: "Browser" },
});
