import type { CallOptions } from "@ocpp/core";

/** How a connected station is reached. Put up by the gateway for each connection, gone with it. */
export interface StationLine {
  readonly stationId: string;
  /** The subprotocol: `ocpp1.6`, `ocpp2.0.1` or `ocpp2.1`. */
  readonly protocol: string;
  /** Whether a CSMS may send this action in that version. */
  knows(action: string): boolean;
  /** Whether the action of 2.1 is sent and not answered (SEND). */
  unanswered(action: string): boolean;
  /** Calls the station; rejects as `callByName` of core's peer does. */
  call(action: string, payload: unknown, options?: CallOptions): Promise<unknown>;
  /** Checks a payload by its schema: what is wrong with it, as a sentence with the path, or nothing. */
  check(action: string, payload: unknown): string | undefined;
  close(code?: number, reason?: string): void;
}

/** The stations that are connected to this process. */
export interface StationLines extends Iterable<StationLine> {
  readonly size: number;
  of(stationId: string): StationLine | undefined;
  /** Puts up a line, in place of an older one of the same station. */
  add(line: StationLine): void;
  /** Takes a line down, unless another has taken its place; whether it was the one that counts. */
  remove(line: StationLine): boolean;
  /** Tells of lines that were put up; what is returned takes the listener away. */
  onAdded(listener: (line: StationLine) => void): () => void;
}

/** Makes the table of lines. */
export function createStationLines(): StationLines {
  const lines = new Map<string, StationLine>();
  const listeners = new Set<(line: StationLine) => void>();
  return {
    get size() {
      return lines.size;
    },
    [Symbol.iterator]: () => lines.values(),
    of: (stationId) => lines.get(stationId),
    add: (line) => {
      lines.set(line.stationId, line);
      for (const listener of listeners) listener(line);
    },
    remove: (line) => lines.get(line.stationId) === line && lines.delete(line.stationId),
    onAdded: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
