import type { NewEvent } from "./events.ts";
import type { EventKind } from "./kinds.ts";

/** An event with any data: the log, the feed and the webhooks hand data on without looking into it. */
export function anyEvent(stationId: string | null, kind: EventKind, data: unknown): NewEvent {
  return { stationId, kind, data } as NewEvent;
}
