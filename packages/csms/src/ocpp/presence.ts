import type { AnyPeer } from "@ocpp/core";
import { closeCode } from "@ocpp/websocket/server";
import type { Services } from "../services.ts";
import type { StationConnection } from "../stations/connections.ts";
import type { FrameLog } from "./frame-log.ts";
import { createStationConnection } from "./station-connection.ts";
import type { StationSession } from "./station-session.ts";

/** A peer of a station that was let in. */
export type StationPeer = AnyPeer & { readonly info: StationSession };

/** Keeps track of who is connected, over all listeners: the newest connection of a station counts, or its oldest. */
export interface Presence {
  opened(peer: StationPeer): void;
  closed(peer: StationPeer, code: number, reason: string): void;
  /** Resolves when everything that happened so far is written down. */
  settled(): Promise<void>;
}

/** The services that this needs. */
export type PresenceServices = Pick<
  Services,
  "clock" | "configuration" | "connections" | "log" | "metrics" | "stations" | "transactions"
>;

/** The most milliseconds that messages of transactions wait for those of the connections before. */
const longestWait = 5_000;

/** Makes the presence. */
export function createPresence(services: PresenceServices, frameLog: FrameLog | undefined): Presence {
  const { clock, configuration, connections, log, metrics, stations, transactions } = services;
  const { duplicates } = configuration.webSocket;
  const writing = new Set<Promise<void>>();
  /** Connections that are gone while what they brought is still being handled, by station. */
  const unfinished = new Map<string, Set<StationConnection>>();

  const write = (stationId: string, work: Promise<void>): void => {
    const done = work
      .catch((error: unknown) => {
        log.error({ stationId, error }, "A connection was not written down");
      })
      .finally(() => writing.delete(done));
    writing.add(done);
  };

  /** Resolves when all of these have been handled to their end, or after the longest wait. */
  const handled = (earlier: readonly StationConnection[]): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimer(resolve, longestWait);
      void Promise.all(earlier.map(({ finished }) => finished)).then(() => {
        clock.clearTimer(timer);
        resolve();
      });
    });

  /** Holds back the messages of transactions of a new connection until those of earlier ones are recorded. */
  const putInOrder = (session: StationSession, old: StationConnection | undefined): void => {
    const earlier = Array.from(unfinished.get(session.stationId) ?? []);
    if (old !== undefined) earlier.push(old);
    if (earlier.length === 0) return;
    const predecessors = handled(earlier).then(() => {
      session.predecessors = undefined;
    });
    session.predecessors = predecessors;
  };

  /** Forgets what is remembered of a connection that is gone, once nothing of it comes any more. */
  const forget = (stationId: string): void => {
    if (unfinished.has(stationId) || connections.of(stationId) !== undefined) return;
    transactions.forget(stationId);
    frameLog?.forget(stationId);
  };

  /** Keeps a connection that is gone until it has been handled to its end. */
  const finish = (connection: StationConnection): void => {
    const { stationId } = connection;
    if (connection.handling === 0) {
      forget(stationId);
      return;
    }
    const others = unfinished.get(stationId) ?? new Set();
    unfinished.set(stationId, others.add(connection));
    void connection.finished.then(() => {
      others.delete(connection);
      if (others.size === 0) unfinished.delete(stationId);
      forget(stationId);
    });
  };

  return {
    opened: (peer) => {
      const session = peer.info;
      // A connection that takes the place of another is reported twice: as what replaces, and as what is opened.
      if (session.connection !== undefined) return;
      const { stationId, remoteAddress, securityProfile } = session;
      const old = connections.of(stationId);
      if (old !== undefined && duplicates === "oldest") {
        // Both listeners let it in at the same time; one server alone would have refused it.
        void peer.close({ code: closeCode.replaced, reason: "The station has another connection", timeout: 0 });
        return;
      }
      const connection = createStationConnection(peer, session.gate, metrics);
      session.connection = connection;
      putInOrder(session, old);
      const { protocol } = connection;
      metrics.stationConnected(protocol);
      write(stationId, stations.connected(stationId, { protocol, remoteAddress, securityProfile, row: session.row }));
      connections.add(connection);
      old?.close(closeCode.replaced, "The station has connected anew");
    },
    closed: (peer, code, reason) => {
      const { stationId, connection } = peer.info;
      peer.info.gone = true;
      if (connection === undefined) return;
      peer.info.row = stations.live(stationId) ?? peer.info.row;
      metrics.stationDisconnected(connection.protocol);
      const counted = connections.remove(connection);
      finish(connection);
      if (!counted) return;
      write(stationId, stations.disconnected(stationId, { code, reason }));
    },
    settled: async () => {
      while (writing.size > 0) await Promise.all(writing);
    },
  };
}
