import type { Store, Write } from "../../store/store.ts";
import type { FrameRow, LogRow, SecurityEventRow } from "../../store/tables/observability.ts";

/** A frame that was not cut: nothing need be said of the whole. */
export type WholeFrame = Omit<FrameRow, "length" | "digest">;

/** The rows of the logs: lines for operators, frames from and to stations, and their security events. */
export interface LogRepository {
  readonly line: (row: LogRow) => Write;
  /** Whether a station has this line since a time, in milliseconds since 1970. */
  readonly hasLine: (stationId: string, since: number, message: string) => Promise<boolean>;
  readonly frame: (row: WholeFrame) => Write;
  /** A frame of which only the beginning is stored. */
  readonly cutFrame: (row: FrameRow) => Write;
  readonly securityEvent: (row: SecurityEventRow) => Write;
}

/** Makes the repository. */
export function createLogRepository(store: Store): LogRepository {
  return {
    line: store.prepare<LogRow>((db, row) => db.insertInto("logs").values(row)),
    hasLine: async (stationId, since, message) => {
      const row = await store.reader
        .selectFrom("logs")
        .select("id")
        .where("station_id", "=", stationId)
        .where("at", ">=", since)
        .where("message", "=", message)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    frame: store.prepare<WholeFrame>((db, row) => db.insertInto("frames").values(row)),
    cutFrame: store.prepare<FrameRow>((db, row) => db.insertInto("frames").values(row)),
    securityEvent: store.prepare<SecurityEventRow>((db, row) => db.insertInto("security_events").values(row)),
  };
}
