import { type Endpoint, OcppError, type Peer, station } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import type { Outlet } from "./outlet.ts";
import { type Duties, now, type Speech } from "./speech.ts";

/** How a station of 1.6 answers. */
export function endpoint16(duties: Duties): Endpoint<V16, "station"> {
  const accepted = (yes: boolean): { status: "Accepted" | "Rejected" } => ({ status: yes ? "Accepted" : "Rejected" });
  return station(
    v16,
    {
      RemoteStartTransaction: ({ idTag, connectorId }) => accepted(duties.start(idTag, undefined, connectorId)),
      RemoteStopTransaction: ({ transactionId }) => accepted(duties.stop(String(transactionId))),
      Reset: (_request, context) => {
        context.afterResponse(() => {
          duties.reset();
        });
        return { status: "Accepted" };
      },
      UnlockConnector: ({ connectorId }) => ({ status: duties.unlock(connectorId) ? "Unlocked" : "NotSupported" }),
      TriggerMessage: ({ requestedMessage, connectorId }, context) => {
        if (!["StatusNotification", "MeterValues", "Heartbeat"].includes(requestedMessage)) {
          return { status: "NotImplemented" };
        }
        context.afterResponse(() => {
          duties.trigger(requestedMessage, connectorId);
        });
        return { status: "Accepted" };
      },
      ChangeAvailability: ({ type }, context) => {
        context.afterResponse(() => {
          duties.serve(type === "Operative");
        });
        return { status: "Accepted" };
      },
      GetConfiguration: ({ key }) => {
        const wanted = key ?? Array.from(duties.settings.keys());
        return {
          configurationKey: wanted
            .filter((name) => duties.settings.has(name))
            .map((name) => ({ key: name, readonly: false, value: duties.settings.get(name) })),
          unknownKey: wanted.filter((name) => !duties.settings.has(name)),
        };
      },
      ChangeConfiguration: ({ key, value }) => {
        if (!duties.settings.has(key)) return { status: "NotSupported" };
        duties.settings.set(key, value);
        return { status: "Accepted" };
      },
      ClearCache: () => ({ status: "Accepted" }),
      ReserveNow: () => ({ status: "Rejected" }),
      CancelReservation: () => ({ status: "Rejected" }),
    },
    {
      fallback: (action) => {
        throw new OcppError("NotSupported", `${action} is nothing that a station of the demonstration does`);
      },
    },
  );
}

/** What a station says in the words of 1.6. */
export function speech16(peer: Peer<V16, "station">, vendor: string, model: string): Speech {
  const statusOf = { Available: "Available", Occupied: "Charging", Unavailable: "Unavailable" } as const;
  const tokens = new Map<number, string>();
  const wattHours = ({ meter }: Outlet) => Math.round(meter);

  return {
    boot: async () => {
      const { status, interval } = await peer.call("BootNotification", {
        chargePointVendor: vendor,
        chargePointModel: model,
        firmwareVersion: "1.6.4",
      });
      return { accepted: status === "Accepted", interval };
    },
    heartbeat: async () => {
      await peer.call("Heartbeat", {});
    },
    status: async (outlet, status) => {
      await peer.call("StatusNotification", {
        connectorId: outlet,
        errorCode: "NoError",
        status: statusOf[status],
        timestamp: now(),
      });
    },
    authorize: async (token) => (await peer.call("Authorize", { idTag: token })).idTagInfo.status === "Accepted",
    started: async (outlet, token) => {
      const { transactionId, idTagInfo } = await peer.call("StartTransaction", {
        connectorId: outlet.number,
        idTag: token,
        meterStart: wattHours(outlet),
        timestamp: now(),
      });
      tokens.set(outlet.number, token);
      if (idTagInfo.status === "Accepted") return String(transactionId);
      const meterStop = wattHours(outlet);
      await peer.call("StopTransaction", { transactionId, meterStop, timestamp: now(), reason: "DeAuthorized" });
      return undefined;
    },
    metered: async (outlet) => {
      const { charge, number } = outlet;
      await peer.call("MeterValues", {
        connectorId: number,
        ...(charge === undefined ? {} : { transactionId: Number(charge.transactionId) }),
        meterValue: [
          {
            timestamp: now(),
            sampledValue: [
              { value: String(wattHours(outlet)), measurand: "Energy.Active.Import.Register", unit: "Wh" },
              { value: String(charge?.power ?? 0), measurand: "Power.Active.Import", unit: "W" },
            ],
          },
        ],
      });
    },
    stopped: async (outlet, reason) => {
      const idTag = tokens.get(outlet.number);
      await peer.call("StopTransaction", {
        transactionId: Number(outlet.charge?.transactionId),
        ...(idTag === undefined ? {} : { idTag }),
        meterStop: wattHours(outlet),
        timestamp: now(),
        reason: reason === "Reset" ? "SoftReset" : reason,
      });
    },
  };
}
