import type { Infrastructure } from "../infrastructure.ts";
import type { LogRow } from "../store/tables/observability.ts";
import { createLogRepository } from "./repository/logs.ts";

/** The log that operators read through REST: what happened to which station, in sentences without secrets. */
export interface SystemLog {
  /** Adds a line with the next commit; the caller does not wait. Control characters are replaced. */
  write(level: LogRow["level"], source: LogRow["source"], message: string, stationId?: string): void;
  /** Whether a station has this line since a time, in milliseconds since 1970. */
  has(stationId: string, since: number, message: string): Promise<boolean>;
}

/** The longest line that is stored, in characters. */
const longestMessage = 2_000;

/** What would break a line or turn its direction where the log is shown, and halves of surrogate pairs. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

function printable(message: string): string {
  const short = message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message;
  return short.replace(unprintable, "\u{FFFD}");
}

/** Makes the log over the store and the events. */
export function createSystemLog({ store, events, clock }: Infrastructure): SystemLog {
  const logs = createLogRepository(store);
  return {
    has: logs.hasLine,
    write: (level, source, text, stationId) => {
      const message = printable(text);
      store.append(
        logs.line({ id: store.nextId(), station_id: stationId ?? null, at: clock.now(), level, source, message }),
      );
      events.append({ stationId: stationId ?? null, kind: "system.log", data: { level, source, message } });
    },
  };
}
