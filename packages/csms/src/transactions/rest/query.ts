import type { PageOrder } from "../../http/page.ts";
import type { Condition, Scan } from "../../http/scan-page.ts";
import { parseTime } from "../../http/times.ts";
import { subprotocols } from "../../ocpp/versions/version.ts";
import { boolean, choice, parameters, type Schema, type Static, stationId, text, whole } from "../../shared/schema.ts";

const moment = (description: string): Schema<string> => text(description, 40);

/** What a list of transactions can be narrowed by, as parameters of a query. */
export const transactionFilters = {
  stationId,
  transactionId: text("The number of 1.6, or the text of 2.x: only this one.", 255),
  complete: boolean("Only those that have ended, or have not."),
  idToken: text("Only those that were started with this id token, as the station wrote it.", 255),
  evseId: whole("Only those on this EVSE, or connector of 1.6."),
  protocol: choice("Only those of this version.", subprotocols),
  startedSince: moment("Only those that started at this time or later, by the station's clock."),
  startedUntil: moment("Only those that started before this time."),
  stoppedSince: moment("Only those that stopped at this time or later, by the station's clock."),
  stoppedUntil: moment("Only those that stopped before this time."),
};

const filterSchema = parameters(transactionFilters);

/** A question about transactions. */
export type TransactionQuery = Static<typeof filterSchema> & { readonly sort?: string };

/** What transactions can be sorted by. By `startedAt` or `stoppedAt` those are left out whose station has not reported it. */
export const transactionOrder: PageOrder = {
  sorts: { id: { column: "id" }, startedAt: { column: "started_at" }, stoppedAt: { column: "stopped_at" } },
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
  startedAt: ["id_token", "station_id"],
  stoppedAt: ["station_id"],
};

function filtersOf({ idToken, complete, stationId, evseId, protocol }: TransactionQuery): Filter[] {
  const filters: (readonly [Filter[0], Filter[1] | undefined])[] = [
    ["id_token", idToken],
    ["complete", complete === undefined ? undefined : Number(complete)],
    ["station_id", stationId],
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
      ...(sort === "startedAt" ? started : []),
      ...(sort === "stoppedAt" ? stopped : []),
    ],
    rest: [
      ...filters.filter((filter) => filter !== lead).map(equal),
      ...(sort === "startedAt" ? [] : started),
      ...(sort === "stoppedAt" ? [] : stopped),
    ],
  };
}
