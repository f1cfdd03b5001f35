import type { AnyPeer } from "@ocpp/core";
import { closeCode } from "@ocpp/websocket/server";
import type { Services } from "../services/services.ts";
import type { FrameLog } from "./frame-log.ts";
import { createStationLine } from "./lines.ts";
import type { StationSession } from "./station-session.ts";

/** A peer of a station that was let in. */
export type StationPeer = AnyPeer & { readonly info: StationSession };

/** Keeps track of who is connected, over all listeners: the newest connection of a station counts. */
export interface Presence {
  opened(peer: StationPeer): void;
  closed(peer: StationPeer, code: number, reason: string): void;
  /** Resolves when everything that happened so far is written down. */
  settled(): Promise<void>;
}

/** The services that this needs. */
export type PresenceServices = Pick<Services, "lines" | "log" | "metrics" | "stations" | "systemLog" | "transactions">;

/** Makes the presence. */
export function createPresence(services: PresenceServices, frameLog: FrameLog | undefined): Presence {
  const { lines, log, metrics, stations, systemLog, transactions } = services;
  const writing = new Set<Promise<void>>();

  const write = (stationId: string, work: Promise<void>): void => {
    const done = work
      .catch((error: unknown) => {
        log.error({ stationId, error }, "A connection was not written down");
      })
      .finally(() => writing.delete(done));
    writing.add(done);
  };

  return {
    opened: (peer) => {
      const session = peer.info;
      // A connection that takes the place of another is told of twice: as what replaces, and as what is opened.
      if (session.line !== undefined) return;
      const { stationId, remoteAddress, securityProfile } = session;
      const line = createStationLine(peer, session.gate, metrics);
      session.line = line;
      const old = lines.of(stationId);
      const { protocol } = line;
      metrics.stationConnected(protocol);
      systemLog.write("INFO", "System", `Connected from ${remoteAddress} with ${protocol}`, stationId);
      write(stationId, stations.connected(stationId, { protocol, remoteAddress, securityProfile, row: session.row }));
      lines.add(line);
      old?.close(closeCode.replaced, "The station has connected anew");
    },
    closed: (peer, code, reason) => {
      const { stationId, line } = peer.info;
      if (line === undefined) return;
      metrics.stationDisconnected(line.protocol);
      if (!lines.remove(line)) return;
      transactions.forget(stationId);
      frameLog?.forget(stationId);
      systemLog.write("INFO", "System", `Disconnected with ${code}`, stationId);
      write(stationId, stations.disconnected(stationId, { code, reason }));
    },
    settled: async () => {
      while (writing.size > 0) await Promise.all(writing);
    },
  };
}
