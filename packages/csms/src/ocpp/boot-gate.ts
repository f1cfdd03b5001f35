import { OcppError } from "@ocpp/core";
import { invitationOf, isLetThrough } from "../stations/rules/registration.ts";
import type { StationRow } from "../store/tables/stations.ts";

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
