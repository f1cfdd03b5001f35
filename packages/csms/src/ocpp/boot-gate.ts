import { OcppError } from "@ocpp/core";
import type { StationRow } from "../store/tables/stations.ts";

/** What a station was asked to send although it is not accepted yet: how many messages of an action; Infinity for any. */
export type Invitation = { readonly action: string; readonly count: number };

/** What the gate knows of a connection. */
export interface GateState {
  readonly registration: StationRow["registration"];
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

/** The gate of one connection. */
export interface BootGate {
  /** Why a message is refused; undefined where it is handled, which uses up an invitation. */
  refuse(action: string): OcppError | undefined;
  /** Lets through what a command asks for. What is returned takes that back, where the station refuses the command. */
  invite(command: string, payload: unknown): () => void;
  /** Ends the invitation to an action: what was asked for is complete. */
  fulfil(action: string): void;
}

function nothing(): void {
  // There was no invitation to take back.
}

/** Makes a gate for a connection; `row` gives the station as it stands, `open` switches the gate off. */
export function createBootGate(row: () => StationRow, open: boolean): BootGate {
  const invited = new Map<string, number>();
  return {
    refuse: (action) => {
      if (open) return undefined;
      const { registration, booted } = row();
      if (!isLetThrough({ registration, booted: booted === 1, invited }, action)) {
        return new OcppError("SecurityError", `${action} is not accepted before a BootNotification was`);
      }
      const left = invited.get(action);
      if (left !== undefined && booted === 0) {
        if (left <= 1) invited.delete(action);
        else invited.set(action, left - 1);
      }
      return undefined;
    },
    invite: (command, payload) => {
      const invitation = open ? undefined : invitationOf(command, payload);
      if (invitation === undefined) return nothing;
      const { action, count } = invitation;
      invited.set(action, (invited.get(action) ?? 0) + count);
      return () => {
        const left = invited.get(action) ?? 0;
        if (count === Infinity || left <= count) invited.delete(action);
        else invited.set(action, left - count);
      };
    },
    fulfil: (action) => {
      invited.delete(action);
    },
  };
}
