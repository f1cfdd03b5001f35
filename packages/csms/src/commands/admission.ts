import { registrationOf } from "../stations/certificates.ts";
import type { StationRow } from "../store/tables.ts";

/** The actions that start or stop transactions: a station that is Pending must reject them. */
const transactionActions: ReadonlySet<string> = new Set([
  "RemoteStartTransaction",
  "RemoteStopTransaction",
  "RequestStartTransaction",
  "RequestStopTransaction",
]);

/** Whether a command asks for a BootNotification. */
function triggersBoot(action: string, payload: unknown): boolean {
  if (action !== "TriggerMessage" && action !== "ExtendedTriggerMessage") return false;
  return (payload as { readonly requestedMessage?: unknown }).requestedMessage === "BootNotification";
}

/**
 * Why a station gets no such command as it stands, as a sentence; undefined where it does. To a Rejected station a CSMS
 * sends nothing (B03.FR.03, OCPP 1.6 §4.2), to a Pending one nothing that starts or stops transactions (B02.FR.05). A
 * station of 1.6 that has been accepted is not asked to boot (errata 3.40). The payload fits its schema.
 */
export function commandRefusal(
  station: Pick<StationRow, "registration" | "booted" | "certificate_expired" | "protocol">,
  action: string,
  payload: unknown,
): string | undefined {
  const { booted, protocol } = station;
  const registration = registrationOf(station);
  if (registration === "Rejected") return "The station is Rejected and gets no commands: accept it first";
  if (registration === "Pending" && booted === 0 && transactionActions.has(action)) {
    return `The station is Pending and gets no ${action}: accept it first`;
  }
  if (protocol === "ocpp1.6" && registration === "Accepted" && booted === 1 && triggersBoot(action, payload)) {
    return "The station has booted and was accepted: OCPP 1.6 lets nobody ask it for another BootNotification";
  }
  return undefined;
}
