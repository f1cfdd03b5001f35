import { createHash } from "node:crypto";
import type { EventRow } from "../store/tables/events.ts";

/** An event as it is posted, without its data. */
export type EventHead = Pick<EventRow, "id" | "kind" | "station_id" | "at">;

function headOf({ id, kind, station_id, at }: EventHead): string {
  return JSON.stringify({ id, kind, stationId: station_id, timestamp: new Date(at).toISOString() }).slice(0, -1);
}

/** How many bytes an event takes in a body, whose data are so many bytes of JSON. */
export function eventLength(head: EventHead, dataLength: number): number {
  return Buffer.byteLength(headOf(head)) + dataLength + ',"data":}'.length;
}

/**
 * An event as `GET /api/v1/events` shows it. Its data is the JSON as it is stored: to read and write it again would cost time and
 * change nothing. Without data, since that is too long, it says of how many bytes, and the receiver asks REST for it.
 */
export function eventBody(head: EventHead, data: string | undefined, dataLength: number): string {
  const rest = data === undefined ? `"data":null,"omittedBytes":${dataLength}` : `"data":${data}`;
  return `${headOf(head)},${rest}}`;
}

/** The `webhook-id` of the post of one delivery. */
export function deliveryPostId(deliveryId: number): string {
  return `msg_${deliveryId}`;
}

/**
 * The `webhook-id` of the post of a batch. It follows from what is in it: the same deliveries have the same id whenever they
 * are posted, and others never, so that no receiver takes a longer batch for the repeat of a shorter one.
 */
export function batchPostId(deliveryIds: readonly number[]): string {
  const digest = createHash("sha256").update(deliveryIds.join()).digest("hex");
  return `batch_${digest.slice(0, 32)}`;
}
