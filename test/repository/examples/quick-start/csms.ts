import { csms, OcppError } from "@ocpp/core";
import { v16 } from "@ocpp/v16";
import { v201 } from "@ocpp/v201";
import { serve } from "@ocpp/websocket/server";

const now = () => new Date().toISOString();

// Answers what the maps below leave out. Without it, a map must have a handler for every action.
const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} comes later`);
};

const csms201 = csms(
  v201,
  {
    BootNotification: ({ chargingStation }, context) => {
      console.log(`${context.identity}: ${chargingStation.vendorName} ${chargingStation.model}`);
      context.afterResponse(async () => {
        const { status } = await context.peer.call("TriggerMessage", { requestedMessage: "StatusNotification" });
        console.log(`${context.identity} was asked for its status: ${status}`);
      });
      return { status: "Accepted", currentTime: now(), interval: 300 };
    },
    Heartbeat: () => ({ currentTime: now() }),
    StatusNotification: ({ evseId, connectorStatus }, { identity }) => {
      console.log(`${identity}, EVSE ${evseId}: ${connectorStatus}`);
      return {};
    },
  },
  { fallback },
);

const csms16 = csms(
  v16,
  {
    BootNotification: () => ({ status: "Accepted", currentTime: now(), interval: 300 }),
    Heartbeat: () => ({ currentTime: now() }),
    StatusNotification: () => ({}),
  },
  { fallback },
);

const server = await serve({ host: "127.0.0.1", port: 9000, path: "/ocpp", endpoints: [csms201, csms16] });
server.on("opened", ({ peer }) => console.log(`${peer.identity} is connected with ${peer.protocol}`));
server.on("closed", ({ peer, code }) => console.log(`${peer.identity} is gone (${code})`));
console.log(`Stations connect to ${server.url}/<identity>`);
process.once("SIGINT", () => void server.close());
