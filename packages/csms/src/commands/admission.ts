import { factsOf } from "../ocpp/versions/versions.ts";
import { registrationOf } from "../stations/certificates.ts";
import { readLimits } from "../stations/message-limits.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { checkCommand } from "./check.ts";
import type { CommandFailure } from "./command.ts";

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
  const mayBoot = protocol === null || factsOf(protocol).triggersBootWhenAccepted;
  if (!mayBoot && registration === "Accepted" && booted === 1 && triggersBoot(action, payload)) {
    return "The station has booted and was accepted: OCPP 1.6 lets nobody ask it for another BootNotification";
  }
  return undefined;
}

/** What a command is checked against: the station as it is recorded, and the version that its connection speaks. */
export interface AdmissionFacts {
  readonly station: StationRow;
  /** The subprotocol of the connection, or of the last one; null where the station has never connected. */
  readonly protocol: string | null;
  /** Whether the registration of a station limits what it is sent (`stations.bootGate`). */
  readonly gated: boolean;
}

/** Why a command is not sent as things stand: its payload or the registration of the station; undefined where it is. */
export function commandRejection(
  { station, protocol, gated }: AdmissionFacts,
  action: string,
  payload: unknown,
): CommandFailure | undefined {
  const problem = checkCommand(protocol, action, payload, readLimits(station.message_limits));
  if (problem !== undefined) return { code: "InvalidRequest", description: problem };
  const refusal = gated ? commandRefusal(station, action, payload) : undefined;
  return refusal === undefined ? undefined : { code: "NotAccepted", description: refusal };
}
