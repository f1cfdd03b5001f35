// Handlers infer their requests, their context and the literals that they return.
import { type Context, csms, type Handlers, OcppError, station } from "@ocpp/core";
import { RegistrationStatusEnum, type ResetEnum, type ResetRequest, type ResetResponse } from "@ocpp/v201";
import { small16, small21, small201 } from "../subsets.ts";
import { same } from "./assertion.ts";

declare function lookup(idToken: string): Promise<"Accepted" | "Blocked">;

station(small201, {
  Reset: async (request, context) => {
    same<typeof request, ResetRequest>(true);
    same<typeof request.type, "Immediate" | "OnIdle">(true);
    same<typeof context, Context<typeof small201, "station">>(true);
    context.afterResponse(() => {});
    const answer = await context.peer.call("Authorize", { idToken: { idToken: "x", type: "Local" } });
    return { status: answer.idTokenInfo.status === "Accepted" ? "Accepted" : "Rejected" };
  },
  GetVariables: ({ getVariableData }) => ({
    getVariableResult: getVariableData.map(({ component, variable }) => ({
      attributeStatus: "UnknownVariable",
      component,
      variable,
    })),
  }),
});

// Some paths throw, some take time, some add what is optional.
csms(small201, {
  Authorize: async ({ idToken }) => {
    if (idToken.type === "NoAuthorization") throw new OcppError("SecurityError", "Not here");
    const status = await lookup(idToken.idToken);
    return status === "Accepted"
      ? { idTokenInfo: { status } }
      : { idTokenInfo: { status }, certificateStatus: "Accepted" };
  },
  BootNotification: ({ reason }, { identity, receivedAt }) => ({
    status: reason === "PowerUp" ? RegistrationStatusEnum.Accepted : "Pending",
    currentTime: new Date(receivedAt).toISOString(),
    interval: 300,
    statusInfo: { reasonCode: "x", additionalInfo: identity, customData: { vendorId: "com.example", rack: 3 } },
    customData: { vendorId: "com.example", anything: [1] },
  }),
});

// What is sent unanswered has a handler that returns nothing.
csms(small21, {
  BatterySwap: () => ({}),
  NotifyPeriodicEventStream: async ({ id, data }) => {
    same<typeof id, number>(true);
    await lookup(String(data.length));
  },
});

// Handlers kept apart, spread together.
const common = { DataTransfer: () => ({ status: "UnknownVendorId" as const }) };
const remote = {
  RemoteStartTransaction: async () => ({ status: "Accepted" as const }),
  Reset: () => ({ status: "Rejected" as const }),
};
station(small16, { ...common, ...remote });

// A map with a declared type.
const declared: Handlers<typeof small201, "station"> = {
  GetVariables: () => ({ getVariableResult: [] }),
  Reset: ({ type }): ResetResponse => ({ status: type === "OnIdle" ? "Scheduled" : "Accepted" }),
};
station(small201, declared);
station(small201, { ...declared, Reset: () => ({ status: "Rejected" }) });

// A class, with methods of its own kept private.
class Behaviour {
  private readonly resets: ResetEnum[] = [];
  Reset(request: ResetRequest) {
    this.note(request.type);
    return { status: "Accepted" as const };
  }
  GetVariables() {
    return Promise.resolve({ getVariableResult: [] });
  }
  private note(type: ResetEnum) {
    this.resets.push(type);
  }
}
station(small201, new Behaviour());
