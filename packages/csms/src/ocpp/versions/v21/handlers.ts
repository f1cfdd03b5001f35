import type { Handlers } from "@ocpp/core";
import type { V21 } from "@ocpp/v21";
import type { HandlerContext } from "../../handler-context.ts";
import type { StationSession } from "../../station-session.ts";
import type { HandlerServices, StationMessages } from "../station-messages.ts";
import { createHandlers2x } from "../v2x/handlers.ts";

/** The handlers of OCPP 2.1: those of 2.0.1, and its new messages. */
export function createHandlers21(
  services: HandlerServices,
  messages: StationMessages,
): Handlers<V21, "csms", StationSession> {
  const noticed =
    (action: string) =>
    (request: unknown, context: HandlerContext): { customData?: undefined } => {
      messages.notice(context, action, request);
      return {};
    };
  /** What needs a part that this CSMS does not have. */
  const rejected =
    (action: string) =>
    (request: unknown, context: HandlerContext): { status: "Rejected" } => {
      messages.notice(context, action, request);
      return { status: "Rejected" };
    };

  return {
    ...createHandlers2x("ocpp2.1", services, messages),
    BatterySwap: noticed("BatterySwap"),
    ClosePeriodicEventStream: noticed("ClosePeriodicEventStream"),
    GetCertificateChainStatus: (request, context) => {
      messages.notice(context, "GetCertificateChainStatus", request);
      const nextUpdate = new Date(services.clock.now()).toISOString();
      return {
        certificateStatus: request.certificateStatusRequests.map(({ certificateHashData, source }) => ({
          certificateHashData,
          source,
          status: "Failed",
          nextUpdate,
        })),
      };
    },
    NotifyDERAlarm: noticed("NotifyDERAlarm"),
    NotifyDERStartStop: noticed("NotifyDERStartStop"),
    NotifyPeriodicEventStream: (request, context) => {
      messages.notice(context, "NotifyPeriodicEventStream", request);
    },
    NotifyPriorityCharging: noticed("NotifyPriorityCharging"),
    NotifySettlement: noticed("NotifySettlement"),
    OpenPeriodicEventStream: rejected("OpenPeriodicEventStream"),
    PullDynamicScheduleUpdate: rejected("PullDynamicScheduleUpdate"),
    ReportDERControl: noticed("ReportDERControl"),
    VatNumberValidation: (request, context) => {
      messages.notice(context, "VatNumberValidation", request);
      const { vatNumber, evseId } = request;
      return { vatNumber, status: "Rejected", ...(evseId === undefined ? {} : { evseId }) };
    },
  };
}
