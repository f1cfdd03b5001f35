import { factsOf } from "../../ocpp/versions/versions.ts";

/*
 * What a station may send and be sent while it is Accepted, Pending or Rejected (B01 to B03, 1.6 §4.2).
 */

/** Whether a station is served: an operator decides. */
export type Registration = "Accepted" | "Pending" | "Rejected";

/** What is recorded of a station that the rules look at. */
export interface RegisteredStation {
  readonly registration: Registration;
  /** 1 where a BootNotification of it was answered Accepted, and none otherwise since. */
  readonly booted: 0 | 1;
  /** 1 while it comes with a client certificate that has expired. */
  readonly certificate_expired: 0 | 1;
  /** The subprotocol that it spoke last; null where it has never connected. */
  readonly protocol: string | null;
}

/**
 * What a boot of a station is answered with: as it is registered, but Pending while it comes with a certificate that has
 * expired (A00.FR.429).
 */
export function registrationOf({
  registration,
  certificate_expired: expired,
}: Pick<RegisteredStation, "certificate_expired" | "registration">): Registration {
  return registration === "Accepted" && expired === 1 ? "Pending" : registration;
}

/** What a station was asked to send although it is not accepted yet: how many messages of an action; Infinity for any. */
export type Invitation = { readonly action: string; readonly count: number };

/** What the gate knows of a connection. */
export interface GateState {
  readonly registration: Registration;
  /** Whether a BootNotification of it was answered Accepted, and none otherwise since. */
  readonly booted: boolean;
  /** How many more messages of an action it was asked for. */
  readonly invited: ReadonlyMap<string, number>;
}

/** Actions whose TriggerMessage asks for one message, unless it names no EVSE or connector of several. */
const perConnector: ReadonlySet<string> = new Set(["StatusNotification", "MeterValues", "TransactionEvent"]);

/** What the requests of TriggerMessage have, of all versions. */
interface TriggerFields {
  readonly requestedMessage?: string | undefined;
  readonly connectorId?: number | undefined;
  readonly evse?: object | undefined;
}

/**
 * Whether a message of a station is handled: everything once it was accepted; before, a BootNotification, and while it is not
 * Rejected what it was asked for (B02.FR.02, B02.FR.09, B03.FR.07; OCPP-J 1.6 errata 3.8). A station that was accepted once is
 * served after a reconnect without a boot.
 */
export function isLetThrough({ registration, booted, invited }: GateState, action: string): boolean {
  if (action === "BootNotification") return true;
  if (registration === "Rejected") return false;
  return booted || (invited.get(action) ?? 0) > 0;
}

/**
 * What a command asks a station to send: TriggerMessage, ExtendedTriggerMessage of 1.6, and the reports of 2.x, which come in
 * parts (B02.FR.09). Undefined for other commands.
 */
export function invitationOf(command: string, payload: unknown): Invitation | undefined {
  if (command === "GetBaseReport" || command === "GetReport") return { action: "NotifyReport", count: Infinity };
  if (command !== "TriggerMessage" && command !== "ExtendedTriggerMessage") return undefined;
  const { requestedMessage = "", connectorId, evse } = payload as TriggerFields;
  if (requestedMessage.startsWith("Sign")) return { action: "SignCertificate", count: 1 };
  const several = perConnector.has(requestedMessage) && connectorId === undefined && evse === undefined;
  return { action: requestedMessage, count: several ? Infinity : 1 };
}

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
export function commandRefusal(station: RegisteredStation, action: string, payload: unknown): string | undefined {
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
