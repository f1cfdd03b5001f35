import type { CallOptions } from "@ocpp/core";

/** How a connected station is reached. Added by the gateway for each connection, gone with it. */
export interface StationConnection {
  readonly stationId: string;
  /** The subprotocol: `ocpp1.6`, `ocpp2.0.1` or `ocpp2.1`. */
  readonly protocol: string;
  /** Whether the action of 2.1 is sent and not answered (SEND). */
  unanswered(action: string): boolean;
  /** Calls the station; rejects as `callByName` of core's peer does. */
  call(action: string, payload: unknown, options?: CallOptions): Promise<unknown>;
  close(code?: number, reason?: string): void;
  /** Resolves when the connection is gone and everything that the station sent on it is handled; never rejects. */
  readonly finished: Promise<void>;
  /** How many messages of the station are being handled or wait for it, also after the connection is gone. */
  readonly handling: number;
}

/** The stations that are connected to this process. */
export interface StationConnections extends Iterable<StationConnection> {
  readonly size: number;
  of(stationId: string): StationConnection | undefined;
  /** Adds a connection, in place of an older one of the same station. */
  add(connection: StationConnection): void;
  /** Removes a connection, unless another has taken its place; whether it was the one that counts. */
  remove(connection: StationConnection): boolean;
  /** Notifies of connections that are added; what is returned removes the listener. */
  onAdded(listener: (connection: StationConnection) => void): () => void;
}

/** Makes the table of connections. */
export function createStationConnections(): StationConnections {
  const connections = new Map<string, StationConnection>();
  const listeners = new Set<(connection: StationConnection) => void>();
  return {
    get size() {
      return connections.size;
    },
    [Symbol.iterator]: () => connections.values(),
    of: (stationId) => connections.get(stationId),
    add: (connection) => {
      connections.set(connection.stationId, connection);
      for (const listener of listeners) listener(connection);
    },
    remove: (connection) =>
      connections.get(connection.stationId) === connection && connections.delete(connection.stationId),
    onAdded: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
