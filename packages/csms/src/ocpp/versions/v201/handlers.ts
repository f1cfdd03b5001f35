import type { Handlers } from "@ocpp/core";
import type { V201 } from "@ocpp/v201";
import type { StationSession } from "../../station-session.ts";
import type { HandlerServices, StationMessages } from "../station-messages.ts";
import { createHandlers2x } from "../v2x/handlers.ts";

/** The handlers of OCPP 2.0.1. */
export function createHandlers201(
  services: HandlerServices,
  messages: StationMessages,
): Handlers<V201, "csms", StationSession> {
  return createHandlers2x("ocpp2.0.1", services, messages);
}
