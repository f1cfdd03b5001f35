import { ConnectionError, OcppError, ViolationError } from "@ocpp/core";
import type { CommandFailure } from "./command.ts";

/** What a rejected call of core's peer means for a command, by the codes of CommandOutcome. */
export function failureOf(error: unknown): CommandFailure {
  if (OcppError.is(error)) return { code: error.code, description: error.description };
  if (ViolationError.is(error)) {
    return { code: error.part === "response" ? "InvalidResponse" : "InvalidRequest", description: error.message };
  }
  if (!ConnectionError.is(error)) {
    return { code: "InternalError", description: error instanceof TypeError ? error.message : "The call failed" };
  }
  switch (error.code) {
    case "timeout":
      return { code: "Timeout", description: "The station has not answered in time" };
    case "closed":
      return { code: "ConnectionLost", description: "The connection went before the station had answered" };
    case "not-connected":
      return { code: "NotConnected", description: "The station is not connected" };
    case "overloaded":
      return { code: "QueueFull", description: "Too many calls wait for the station" };
    case "aborted":
      return { code: "Cancelled", description: "The command was cancelled" };
    default:
      return { code: "InternalError", description: error.message };
  }
}
