import type { StationLine } from "../services/station-lines.ts";
import type { StationRow } from "../store/tables.ts";
import type { BootGate } from "./boot-gate.ts";

/** What belongs to one connection of a station: `context.info` of its handlers. Made when it is let in. */
export interface StationSession {
  readonly stationId: string;
  /** The station as it stood when it was let in. */
  readonly row: StationRow;
  readonly remoteAddress: string;
  /** The security profile that the connection fulfils. */
  readonly securityProfile: number;
  readonly gate: BootGate;
  /** Transactions whose status was asked for on this connection, so that a gap is asked about once. */
  readonly asked: Set<string>;
  /** How the station is reached; set as soon as the connection serves. */
  line: StationLine | undefined;
}
