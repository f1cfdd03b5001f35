import { csms, type Endpoint, type Handlers, OcppError, type Protocol } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { type V21, v21 } from "@ocpp/v21";
import { type V201, v201 } from "@ocpp/v201";
import { driver, now, type Version } from "./station.ts";

/** The CSMS's handlers for each version; what is left out is answered NotSupported. */
export interface CsmsHandlers {
  readonly "1.6": Partial<Handlers<V16, "csms">>;
  readonly "2.0.1": Partial<Handlers<V201, "csms">>;
  readonly "2.1": Partial<Handlers<V21, "csms">>;
}

const interval = 300;
/** The price of a kWh. */
const tariff = 0.5;

const verdict = (card: string | undefined): { readonly status: "Accepted" | "Invalid" } => ({
  status: card === driver ? "Accepted" : "Invalid",
});

/** The part of a TransactionEvent that a bill is made from; the same in 2.0.1 and 2.1. */
interface Metered {
  readonly eventType: "Started" | "Updated" | "Ended";
  readonly transactionInfo: { readonly transactionId: string };
  readonly meterValue?: readonly { readonly sampledValue: readonly { readonly value: number }[] }[] | undefined;
}

/** Makes the bill of a transaction from its first and its last reading in Wh. */
function makeBilling(): (event: Metered) => number {
  const begun = new Map<string, number>();
  return ({ eventType, transactionInfo: { transactionId }, meterValue }) => {
    const reading = meterValue?.[0]?.sampledValue[0]?.value ?? 0;
    if (eventType === "Started") begun.set(transactionId, reading);
    const cost = ((reading - (begun.get(transactionId) ?? 0)) / 1000) * tariff;
    if (eventType === "Ended") begun.delete(transactionId);
    return cost;
  };
}

/** The handlers of the demonstration's CSMS: they know one driver, number transactions and bill them. */
export function csmsHandlers(): CsmsHandlers {
  let lastTransaction = 0;
  const bill201 = makeBilling();
  const bill21 = makeBilling();
  return {
    "1.6": {
      BootNotification: () => ({ status: "Accepted", currentTime: now(), interval }),
      Authorize: ({ idTag }) => ({ idTagInfo: verdict(idTag) }),
      StatusNotification: () => ({}),
      MeterValues: () => ({}),
      StartTransaction: ({ idTag }) => {
        lastTransaction += 1;
        return { transactionId: lastTransaction, idTagInfo: verdict(idTag) };
      },
      StopTransaction: ({ idTag }) => ({ idTagInfo: verdict(idTag) }),
    },
    "2.0.1": {
      BootNotification: () => ({ status: "Accepted", currentTime: now(), interval }),
      Authorize: ({ idToken }) => ({ idTokenInfo: verdict(idToken.idToken) }),
      StatusNotification: () => ({}),
      TransactionEvent: (event) => {
        const cost = bill201(event);
        return {
          ...(event.eventType === "Ended" && { totalCost: cost }),
          ...(event.idToken !== undefined && { idTokenInfo: verdict(event.idToken.idToken) }),
        };
      },
    },
    "2.1": {
      BootNotification: () => ({ status: "Accepted", currentTime: now(), interval }),
      Authorize: ({ idToken }) => ({ idTokenInfo: verdict(idToken.idToken) }),
      StatusNotification: () => ({}),
      OpenPeriodicEventStream: () => ({ status: "Accepted" }),
      NotifyPeriodicEventStream: () => undefined,
      ClosePeriodicEventStream: () => ({}),
      TransactionEvent: (event) => {
        const cost = bill21(event);
        return {
          ...(event.eventType === "Started" && { transactionLimit: { maxEnergy: 20_000 } }),
          ...(event.eventType === "Ended" && { totalCost: cost }),
          ...(event.idToken !== undefined && { idTokenInfo: verdict(event.idToken.idToken) }),
        };
      },
    },
  };
}

const fallback = (action: string): never => {
  throw new OcppError("NotSupported", `${action} is not part of the demonstration`);
};

/** The CSMS's endpoint of each version. */
export function csmsEndpoints(handlers: CsmsHandlers): { readonly [V in Version]: Endpoint<Protocol, "csms"> } {
  return {
    "1.6": csms(v16, handlers["1.6"], { fallback }),
    "2.0.1": csms(v201, handlers["2.0.1"], { fallback }),
    "2.1": csms(v21, handlers["2.1"], { fallback }),
  };
}
