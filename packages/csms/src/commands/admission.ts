import { readLimits } from "../stations/message-limits.ts";
import { commandRefusal } from "../stations/rules/registration.ts";
import type { StationRow } from "../store/tables/stations.ts";
import { checkCommand } from "./check.ts";
import type { CommandFailure } from "./command.ts";

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
