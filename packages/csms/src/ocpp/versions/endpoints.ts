import { type Endpoint, withInfo } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { type V21, v21 } from "@ocpp/v21";
import { type V201, v201 } from "@ocpp/v201";
import type { Services } from "../../services.ts";
import { guardHandlers } from "../message-guard.ts";
import type { StationSession } from "../station-session.ts";
import type { StationMessages } from "./station-messages.ts";
import { createHandlers16 } from "./v16/handlers.ts";
import { createHandlers21 } from "./v21/handlers.ts";
import { createHandlers201 } from "./v201/handlers.ts";
import type { Subprotocol } from "./version.ts";

const { csms } = withInfo<StationSession>();

/** The endpoints of the versions that the CSMS serves. */
export type StationEndpoints = readonly [
  Endpoint<V21, "csms", StationSession>,
  Endpoint<V201, "csms", StationSession>,
  Endpoint<V16, "csms", StationSession>,
];

/**
 * Makes the endpoints. What stations in the field get wrong without meaning anything else is let pass: times without seconds
 * or in other spellings of ISO 8601, the unit Hertz, and in 1.6 names and serial numbers that are too long in a
 * BootNotification, which would keep a station out for good.
 */
export function createEndpoints(services: Services, messages: StationMessages): StationEndpoints {
  const endpoints = {
    "ocpp2.1": csms(v21, guardHandlers("ocpp2.1", createHandlers21(services, messages), services), {
      validation: { tolerate: ["lenient-date-time"] },
    }),
    "ocpp2.0.1": csms(v201, guardHandlers("ocpp2.0.1", createHandlers201(services, messages), services), {
      validation: { tolerate: ["lenient-date-time"] },
    }),
    "ocpp1.6": csms(v16, guardHandlers("ocpp1.6", createHandlers16(services, messages), services), {
      validation: {
        tolerate: ["lenient-date-time", "hertz"],
        actions: { BootNotification: { tolerate: ["lenient-date-time", "length"] } },
      },
    }),
  } satisfies Record<Subprotocol, unknown>;
  return [endpoints["ocpp2.1"], endpoints["ocpp2.0.1"], endpoints["ocpp1.6"]];
}
