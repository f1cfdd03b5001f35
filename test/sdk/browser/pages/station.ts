import { OcppError, station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";
import { present, refusalOf, required, violations } from "./outcome.ts";

/* A station of OCPP 2.0.1 as a web page: it boots on each connection, and is done when the CSMS resets it. */
present(async (parameters) => {
  const log: string[] = [];
  const tickets = parameters.getAll("ticket");
  let boots = 0;
  let reset: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    reset = resolve;
  });

  const endpoint = station(
    v201,
    {
      Reset: (request, context) => {
        log.push(`Reset ${request.type}`);
        context.afterResponse(reset);
        return { status: "Accepted" };
      },
      GetLocalListVersion: async (_request, { peer }) => {
        const { currentTime } = await peer.call("Heartbeat", {});
        return { versionNumber: Date.parse(currentTime) > 0 ? 7 : 0 };
      },
    },
    {
      fallback: (action) => {
        throw new OcppError("NotSupported", `This page does not do ${action}`);
      },
    },
  );

  const session = connect(required(parameters, "csms"), [endpoint], {
    identity: "page 1",
    ticket: () => tickets.shift() ?? "no more",
    reconnect: { waitMinimum: 10, randomRange: 10, repeatTimes: 1 },
    onState: (state) => {
      log.push(state);
    },
    onPeer: async (peer) => {
      const boot = await peer.call("BootNotification", {
        reason: "PowerUp",
        chargingStation: { vendorName: "Woodland", model: "Page" },
      });
      boots += 1;
      log.push(`boot ${boots} ${boot.status}`);
      if (boots > 1) return;
      const idToken = { idToken: "x".repeat(37), type: "Central" } as const;
      log.push(await refusalOf(peer.call("Authorize", { idToken })));
      log.push(await refusalOf(peer.callByName("Authorize", { idToken: { idToken: "a", typ: "Central" } })));
      log.push(await refusalOf(peer.call("ClearedChargingLimit", { chargingLimitSource: "EMS" })));
      await peer.call("StatusNotification", {
        timestamp: new Date().toISOString(),
        connectorStatus: "Available",
        evseId: 1,
        connectorId: 1,
      });
    },
  });
  await done;
  await session.close();
  return { log, violations };
});
