import type { PageOrder } from "../../http/page.ts";
import type { Condition, Scan } from "../../http/scan-page.ts";
import { choice, type Schema, stationId, text, whole } from "../../http/schema.ts";
import { parseTime } from "../../http/times.ts";
import { subprotocols } from "../../ocpp/versions/version.ts";

/** What a list of transactions can be narrowed by. */
export interface TransactionQuery {
  readonly chargePointId?: string;
  readonly transactionId?: string;
  readonly isComplete?: boolean;
  readonly idTag?: string;
  readonly evseId?: number;
  readonly protocol?: string;
  readonly startedSince?: string;
  readonly startedUntil?: string;
  readonly stoppedSince?: string;
  readonly stoppedUntil?: string;
  readonly sort?: string;
}

const time = (description: string): Schema => ({ type: "string", maxLength: 40, description });

/** `TransactionQuery` as parameters of a query. */
export const transactionFilters: Readonly<Record<string, Schema>> = {
  chargePointId: stationId,
  transactionId: text("The number of 1.6, or the text of 2.x: only this one.", 255),
  isComplete: { type: "boolean", description: "Only those that have ended, or have not." },
  idTag: text("Only those that were started with this id token, as the station wrote it.", 255),
  evseId: whole("Only those on this EVSE, or connector of 1.6."),
  protocol: choice("Only those of this version.", subprotocols),
  startedSince: time("Only those that started at this time or later, by the station's clock."),
  startedUntil: time("Only those that started before this time."),
  stoppedSince: time("Only those that stopped at this time or later, by the station's clock."),
  stoppedUntil: time("Only those that stopped before this time."),
};

/**
 * What transactions can be sorted by. By `startTimestamp` or `stopTimestamp` those are left out whose station has not told
 * of it.
 */
export const transactionOrder: PageOrder = {
  sorts: { id: { column: "id" }, startTimestamp: { column: "started_at" }, stopTimestamp: { column: "stopped_at" } },
  sort: "id",
  order: "desc",
  id: "id",
};

type Filter = readonly [
  column: "id_token" | "complete" | "station_id" | "evse_id" | "protocol",
  value: string | number,
];

/** Which columns have an index together with the sort, the one that leads to the fewest rows first. */
const leads: Readonly<Record<string, readonly Filter[0][]>> = {
  id: ["id_token", "complete", "station_id", "protocol"],
  startTimestamp: ["id_token", "station_id"],
  stopTimestamp: ["station_id"],
};

function filtersOf({ idTag, isComplete, chargePointId, evseId, protocol }: TransactionQuery): Filter[] {
  const filters: (readonly [Filter[0], Filter[1] | undefined])[] = [
    ["id_token", idTag],
    ["complete", isComplete === undefined ? undefined : Number(isComplete)],
    ["station_id", chargePointId],
    ["evse_id", evseId],
    ["protocol", protocol],
  ];
  return filters.filter((filter): filter is Filter => filter[1] !== undefined);
}

/** Which of the filters an index is to serve: few transactions have not ended, and nearly all have. */
function leading(filters: readonly Filter[], sort: string): Filter | undefined {
  const able = (leads[sort] ?? []).flatMap((column) => filters.filter((filter) => filter[0] === column));
  return able.find(([column, value]) => column !== "complete" || value === 0) ?? able[0];
}

function bound(
  field: "startedSince" | "startedUntil" | "stoppedSince" | "stoppedUntil",
  query: TransactionQuery,
): Condition<"transactions">[] {
  const text = query[field];
  if (text === undefined) return [];
  const at = parseTime(text, field);
  const column = field.startsWith("started") ? "started_at" : "stopped_at";
  return [(where) => where(column, field.endsWith("Since") ? ">=" : "<", at)];
}

/** How to find a page of transactions. Throws where a time is none. */
export function transactionScan(query: TransactionQuery): Scan<"transactions"> {
  const sort = query.sort ?? transactionOrder.sort;
  const filters = filtersOf(query);
  const lead = leading(filters, sort);
  const started = [...bound("startedSince", query), ...bound("startedUntil", query)];
  const stopped = [...bound("stoppedSince", query), ...bound("stoppedUntil", query)];
  const equal =
    ([column, value]: Filter): Condition<"transactions"> =>
    (where) =>
      where(column, "=", value);
  return {
    table: "transactions",
    pages: transactionOrder,
    lead: [
      ...(lead === undefined ? [] : [equal(lead)]),
      ...(sort === "startTimestamp" ? started : []),
      ...(sort === "stopTimestamp" ? stopped : []),
    ],
    rest: [
      ...filters.filter((filter) => filter !== lead).map(equal),
      ...(sort === "startTimestamp" ? [] : started),
      ...(sort === "stopTimestamp" ? [] : stopped),
    ],
  };
}
