/* A few actions of each version, so that a fixture need not write forty handlers, and the same with a vendor's action. */
import type { Action } from "@ocpp/core";
import * as v16 from "@ocpp/v16";
import * as v21 from "@ocpp/v21";
import * as v201 from "@ocpp/v201";

export const small16 = {
  ...v16.edition,
  actions: {
    Authorize: v16.Authorize,
    DataTransfer: v16.DataTransfer,
    RemoteStartTransaction: v16.RemoteStartTransaction,
    Reset: v16.Reset,
  },
};

export const small201 = {
  ...v201.edition,
  actions: {
    Authorize: v201.Authorize,
    BootNotification: v201.BootNotification,
    GetVariables: v201.GetVariables,
    Reset: v201.Reset,
  },
};

export const small21 = {
  ...v21.edition,
  actions: {
    BatterySwap: v21.BatterySwap,
    NotifyPeriodicEventStream: v21.NotifyPeriodicEventStream,
    SetDefaultTariff: v21.SetDefaultTariff,
  },
};

/** An action of a vendor's own. */
export declare const AcmePing: Action<{
  from: "station";
  request: { count: number };
  response: { count: number; note?: string | undefined };
}>;

export const acme201 = { ...v201.v201, actions: { ...v201.v201.actions, AcmePing } };
export const acmeSmall201 = { ...v201.edition, actions: { Heartbeat: v201.Heartbeat, AcmePing } };
