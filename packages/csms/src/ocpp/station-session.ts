import type { BoundedMap } from "../shared/bounded-map.ts";
import type { StationConnection } from "../stations/connections.ts";
import type { StationRow } from "../store/tables/stations.ts";
import type { BootGate } from "./boot-gate.ts";

/** What belongs to one connection of a station: `context.info` of its handlers. Made when it is let in. */
export interface StationSession {
  readonly stationId: string;
  /** The station as it stood when it was admitted; once the connection has gone, as it stood then. */
  row: StationRow;
  readonly remoteAddress: string;
  /** The security profile that the connection fulfils. */
  readonly securityProfile: number;
  /** The serial number that its client certificate names, which a BootNotification must not contradict (B01.FR.11). */
  readonly certifiedSerialNumber: string | undefined;
  readonly gate: BootGate;
  /** Transactions whose status was asked for on this connection, so that a gap is asked about once. */
  readonly asked: BoundedMap<string, true>;
  /** How the station is reached; set as soon as the connection serves. */
  connection: StationConnection | undefined;
  /** Whether the connection has gone. What it sent before is still handled. */
  gone: boolean;
  /**
   * Resolves when what earlier connections of the station have sent is handled, or when that takes too long; undefined
   * where nothing of them is left.
   */
  predecessors: Promise<void> | undefined;
}
