import type { PageOrder } from "../../http/page.ts";
import { during, holds, type Scan } from "../../http/scan-page.ts";
import type { FrameRow } from "../../store/tables/observability.ts";

/** What the message log can be sorted by: when frames came and went. */
export const frameOrder: PageOrder = { sorts: { id: { column: "id" } }, sort: "id", order: "desc", id: "id" };

/** The kinds of frames by their number on the wire (OCPP-J 2.0.1 §4.1.3, 2.1 §4.1.4); `unknown` for what is none. */
export const frameTypes = {
  CALL: 2,
  CALLRESULT: 3,
  CALLERROR: 4,
  CALLRESULTERROR: 5,
  SEND: 6,
  unknown: 0,
} as const;

/** The name of a kind of frame. */
export type FrameType = keyof typeof frameTypes;

/** What the message log can be searched by. */
export interface MessageQuery {
  readonly stationId?: string;
  readonly action?: string;
  readonly messageId?: string;
  readonly direction?: FrameRow["direction"];
  readonly type?: FrameType;
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly offset?: number | undefined;
}

type Column = "message_id" | "station_id" | "action" | "direction" | "type";

/** How to find a page of the message log. */
export function messageScan(query: MessageQuery): Scan<"frames"> {
  const { lead, rest } = during<"frames">(query);
  const filters: (readonly [Column, string | number | undefined])[] = [
    ["message_id", query.messageId],
    ["station_id", query.stationId],
    ["action", query.action],
    ["direction", query.direction],
    ["type", query.type === undefined ? undefined : frameTypes[query.type]],
  ];
  // The first of the columns with an index leads, the one with the fewest frames to a value being first.
  const leading = filters.slice(0, 3).find(([, value]) => value !== undefined);
  for (const filter of filters) {
    const [column, value] = filter;
    if (value === undefined) continue;
    (filter === leading ? lead : rest).push((where) => where(column, "=", value));
  }
  if (query.text !== undefined) rest.push(holds("body", query.text));
  const searched = query.text !== undefined;
  return { table: "frames", pages: frameOrder, lead, rest, offset: query.offset, searched };
}
