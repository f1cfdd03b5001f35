import { OcppError, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

const station201 = station(
  v201,
  {
    Reset: () => ({ status: "Rejected" }),
    TriggerMessage: ({ requestedMessage }, context) => {
      if (requestedMessage !== "StatusNotification") return { status: "NotImplemented" };
      context.afterResponse(async () => {
        await context.peer.call("StatusNotification", {
          timestamp: new Date().toISOString(),
          connectorStatus: "Available",
          evseId: 1,
          connectorId: 1,
        });
      });
      return { status: "Accepted" };
    },
  },
  {
    fallback: (action) => {
      throw new OcppError("NotSupported", `${action} comes later`);
    },
  },
);

const session = connect("ws://127.0.0.1:9000/ocpp", [station201], {
  identity: "CS001",
  onPeer: async (peer) => {
    const { status, interval } = await peer.call("BootNotification", {
      reason: "PowerUp",
      chargingStation: { vendorName: "Acme", model: "Mono" },
    });
    console.log(`BootNotification: ${status}, a Heartbeat every ${interval} s`);
  },
  onFailure: ({ error, retryIn }) => console.log(`${error.message}; next attempt in ${retryIn} ms`),
});
process.once("SIGINT", () => void session.close());
