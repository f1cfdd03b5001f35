import type { Log } from "./observability/logging.ts";
import type { DroppedCall } from "./ocpp/gateway.ts";
import type { StoreClosure } from "./store/store.ts";

/** What a CSMS has dropped when it ended, because its time was up. */
export interface ShutdownReport {
  /** Whether nothing was dropped and everything has ended. */
  readonly complete: boolean;
  /** Calls of stations that were received and not handled to their end; a station repeats what matters. */
  readonly calls: readonly DroppedCall[];
  /** Requests to REST that were not answered: method, route and id. */
  readonly requests: readonly string[];
  /** How many statements are not known to be persisted, by their table. */
  readonly writes: ReadonlyMap<string, number>;
  /** What had not ended, such as `plug-in tariffs`. */
  readonly unfinished: readonly string[];
  /**
   * Whether a thread of the database is in a call that does not return. `process.exit` would wait for it: such a process ends
   * by a signal.
   */
  readonly stuck: boolean;
}

/** Gathers what was dropped while a CSMS ends. */
export interface ShutdownGathering {
  calls(calls: readonly DroppedCall[]): void;
  requests(requests: readonly string[]): void;
  unfinished(name: string): void;
  closed(closure: StoreClosure): void;
  make(): ShutdownReport;
}

/** Begins to gather. */
export function createShutdownReport(): ShutdownGathering {
  const calls: DroppedCall[] = [];
  const requests: string[] = [];
  const unfinished: string[] = [];
  let closure: StoreClosure = { lost: new Map(), stuck: false };
  return {
    calls: (more) => void calls.push(...more),
    requests: (more) => void requests.push(...more),
    unfinished: (name) => void unfinished.push(name),
    closed: (made) => {
      closure = made;
    },
    make: () => {
      const { lost: writes, stuck } = closure;
      const counts = [calls.length, requests.length, unfinished.length, writes.size];
      return { complete: counts.every((count) => count === 0) && !stuck, calls, requests, writes, unfinished, stuck };
    },
  };
}

/** How many calls share a line of the log. */
const callsPerLine = 50;

/** A sentence about what was dropped, with counts. */
export function shutdownSentence({ complete, calls, requests, writes, unfinished, stuck }: ShutdownReport): string {
  if (complete) return "Ended: everything was handled and is persisted.";
  const lost = Array.from(writes, ([table, count]) => `${table} ${count}`);
  const parts = [
    calls.length > 0 ? `calls of stations not handled: ${calls.length}` : "",
    requests.length > 0 ? `requests to REST not answered: ${requests.length}` : "",
    lost.length > 0 ? `writes not known to be persisted: ${lost.join(", ")}` : "",
    unfinished.length > 0 ? `not ended in time: ${unfinished.join(", ")}` : "",
    stuck ? "the database hangs" : "",
  ];
  return `Ended before everything was done; ${parts.filter((part) => part !== "").join("; ")}.`;
}

/** Logs what was dropped: each call of a station by its action and message id, and last one line for everything. */
export function logShutdown(log: Log, report: ShutdownReport): void {
  if (report.complete) {
    log.info({}, shutdownSentence(report));
    return;
  }
  for (let at = 0; at < report.calls.length; at += callsPerLine) {
    const calls = report.calls.slice(at, at + callsPerLine);
    const texts = calls.map(({ stationId, action, messageId }) => `${stationId} ${action} ${messageId}`);
    log.warn({ calls: texts }, "Calls of stations were dropped, and not answered");
  }
  const { requests, unfinished, writes } = report;
  log.warn({ requests, unfinished, writes: Object.fromEntries(writes) }, shutdownSentence(report));
}
