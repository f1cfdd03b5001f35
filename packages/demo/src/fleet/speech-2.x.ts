import { type Endpoint, type Handlers, OcppError, type Peer, station } from "@ocpp/core";
import { type V21, v21 } from "@ocpp/v21";
import { type V201, v201 } from "@ocpp/v201";
import type { Outlet } from "./outlet.ts";
import { type Duties, now, type Speech, type StopReason } from "./speech.ts";

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} is nothing that a station of the demonstration does`);
};

/** What the handlers below answer is the same in 2.0.1 and 2.1. */
function handlers2x(duties: Duties): Partial<Handlers<V201, "station">> {
  const accepted = (yes: boolean): { status: "Accepted" | "Rejected" } => ({ status: yes ? "Accepted" : "Rejected" });
  return {
    RequestStartTransaction: ({ idToken, remoteStartId, evseId }) =>
      accepted(duties.start(idToken.idToken, remoteStartId, evseId)),
    RequestStopTransaction: ({ transactionId }) => accepted(duties.stop(transactionId)),
    GetTransactionStatus: ({ transactionId }) => ({
      messagesInQueue: false,
      ...(transactionId === undefined ? {} : { ongoingIndicator: duties.runs(transactionId) }),
    }),
    Reset: (_request, context) => {
      context.afterResponse(() => {
        duties.reset();
      });
      return { status: "Accepted" };
    },
    UnlockConnector: ({ evseId }) => ({ status: duties.unlock(evseId) ? "Unlocked" : "UnknownConnector" }),
    TriggerMessage: ({ requestedMessage, evse }, context) => {
      if (!["StatusNotification", "MeterValues", "Heartbeat"].includes(requestedMessage)) {
        return { status: "NotImplemented" };
      }
      context.afterResponse(() => {
        duties.trigger(requestedMessage, evse?.id);
      });
      return { status: "Accepted" };
    },
    ChangeAvailability: ({ operationalStatus }, context) => {
      context.afterResponse(() => {
        duties.serve(operationalStatus === "Operative");
      });
      return { status: "Accepted" };
    },
    GetVariables: ({ getVariableData }) => ({
      getVariableResult: getVariableData.map(({ component, variable }) => {
        const value = duties.settings.get(variable.name);
        return value === undefined
          ? { attributeStatus: "UnknownVariable" as const, component, variable }
          : { attributeStatus: "Accepted" as const, attributeValue: value, component, variable };
      }),
    }),
    SetVariables: ({ setVariableData }) => ({
      setVariableResult: setVariableData.map(({ component, variable, attributeValue }) => {
        const known = duties.settings.has(variable.name);
        if (known) duties.settings.set(variable.name, attributeValue);
        return { attributeStatus: known ? ("Accepted" as const) : ("UnknownVariable" as const), component, variable };
      }),
    }),
    ClearCache: () => ({ status: "Accepted" }),
    ReserveNow: () => ({ status: "Rejected" }),
    CancelReservation: () => ({ status: "Rejected" }),
  };
}

/** How a station of 2.0.1 answers. */
export function endpoint201(duties: Duties): Endpoint<V201, "station"> {
  return station(v201, handlers2x(duties), { fallback });
}

/** How a station of 2.1 answers. */
export function endpoint21(duties: Duties): Endpoint<V21, "station"> {
  return station(v21, handlers2x(duties) as unknown as Partial<Handlers<V21, "station">>, { fallback });
}

/** What a station says in the words of 2.0.1, which 2.1 understands as well. */
export function speech2x(peer: Peer<V201, "station">, vendor: string, model: string): Speech {
  const sampled = ({ meter, charge }: Outlet, context: "Transaction.Begin" | "Sample.Periodic" | "Transaction.End") => [
    {
      timestamp: now(),
      sampledValue: [
        { value: Math.round(meter), measurand: "Energy.Active.Import.Register" as const, context },
        { value: charge?.power ?? 0, measurand: "Power.Active.Import" as const, context, unitOfMeasure: { unit: "W" } },
      ],
    },
  ];
  const seqNoOf = ({ charge }: Outlet): number => {
    if (charge === undefined) return 0;
    charge.seqNo += 1;
    return charge.seqNo;
  };
  const triggers = {
    Local: "StopAuthorized",
    Remote: "RemoteStop",
    UnlockCommand: "UnlockCommand",
    Reset: "ResetCommand",
  } as const;
  const reasons = { Local: "Local", Remote: "Remote", UnlockCommand: "Other", Reset: "ImmediateReset" } as const;

  return {
    boot: async (reason) => {
      const { status, interval } = await peer.call("BootNotification", {
        reason,
        chargingStation: { vendorName: vendor, model, firmwareVersion: "2.0.7" },
      });
      return { accepted: status === "Accepted", interval };
    },
    heartbeat: async () => {
      await peer.call("Heartbeat", {});
    },
    status: async (outlet, status) => {
      await peer.call("StatusNotification", {
        timestamp: now(),
        connectorStatus: status,
        evseId: outlet,
        connectorId: 1,
      });
    },
    authorize: async (token) => {
      const { idTokenInfo } = await peer.call("Authorize", { idToken: { idToken: token, type: "ISO14443" } });
      return idTokenInfo.status === "Accepted";
    },
    started: async (outlet, token, remoteStartId) => {
      const transactionId = crypto.randomUUID();
      const { idTokenInfo } = await peer.call("TransactionEvent", {
        eventType: "Started",
        timestamp: now(),
        triggerReason: remoteStartId === undefined ? "Authorized" : "RemoteStart",
        seqNo: 0,
        transactionInfo: {
          transactionId,
          chargingState: "Charging",
          ...(remoteStartId === undefined ? {} : { remoteStartId }),
        },
        evse: { id: outlet.number, connectorId: 1 },
        idToken: { idToken: token, type: "ISO14443" },
        meterValue: sampled(outlet, "Transaction.Begin"),
      });
      if (idTokenInfo === undefined || idTokenInfo.status === "Accepted") return transactionId;
      await peer.call("TransactionEvent", {
        eventType: "Ended",
        timestamp: now(),
        triggerReason: "Deauthorized",
        seqNo: 1,
        transactionInfo: { transactionId, stoppedReason: "DeAuthorized" },
      });
      return undefined;
    },
    metered: async (outlet) => {
      const { charge, number } = outlet;
      const meterValue = sampled(outlet, "Sample.Periodic");
      if (charge === undefined) {
        await peer.call("MeterValues", { evseId: number, meterValue });
        return;
      }
      await peer.call("TransactionEvent", {
        eventType: "Updated",
        timestamp: now(),
        triggerReason: "MeterValuePeriodic",
        seqNo: seqNoOf(outlet),
        transactionInfo: { transactionId: charge.transactionId, chargingState: "Charging" },
        meterValue,
      });
    },
    stopped: async (outlet, reason: StopReason) => {
      const { charge } = outlet;
      if (charge === undefined) return;
      await peer.call("TransactionEvent", {
        eventType: "Ended",
        timestamp: now(),
        triggerReason: triggers[reason],
        seqNo: seqNoOf(outlet),
        transactionInfo: { transactionId: charge.transactionId, stoppedReason: reasons[reason] },
        idToken: { idToken: charge.token, type: "ISO14443" },
        meterValue: sampled(outlet, "Transaction.End"),
      });
    },
  };
}
