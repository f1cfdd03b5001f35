import type { CsmsEvent } from "../events.ts";

/** An event as JSON tells of it. */
export interface EventJson {
  readonly id: number;
  readonly kind: string;
  readonly stationId: string | null;
  readonly timestamp: string;
  readonly data: unknown;
}

/** Puts an event into the shape that lists, streams and webhooks share. */
export function eventJson(event: CsmsEvent): EventJson {
  return {
    id: event.id,
    kind: event.kind,
    stationId: event.stationId,
    timestamp: new Date(event.at).toISOString(),
    data: event.data,
  };
}

/**
 * An event as server-sent events carry it: its id to resume from, its kind as the type, and itself as one line of JSON,
 * which has no line breaks of its own.
 */
export function eventFrame(event: CsmsEvent): string {
  return `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(eventJson(event))}\n\n`;
}

/** A comment, which keeps the connection and the proxies on its way awake. */
export const heartbeatFrame = ": heartbeat\n\n";

/** Why a stream ended. A reader may come back with the id of the last event that it got. */
export type EndReason = "shutdown" | "slow-reader" | "key-ended";

/** The last frame of a stream. It has no id, so the one to resume from stays. */
export function endFrame(reason: EndReason): string {
  return `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
}
