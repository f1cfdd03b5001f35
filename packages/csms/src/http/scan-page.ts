import {
  type Expression,
  type ExpressionBuilder,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from "kysely";
import type { Schema } from "../shared/schema.ts";
import { idAt } from "../store/id-source.ts";
import { textBytes } from "../store/long-texts.ts";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables/tables.ts";
import { fieldError } from "./api-error.ts";
import { linkPages, readCursor } from "./cursor.ts";
import { kindsOf, type PageOrder, type PageReply, type PageRequest, type SortColumn } from "./page.ts";
import { parseTime } from "./times.ts";

/** A condition on the rows of a table. */
export type Condition<T extends keyof Tables> = (where: ExpressionBuilder<Tables, T>) => Expression<SqlBool>;

/** A list that may be long, and how to find a page of it. */
export interface Scan<T extends keyof Tables> {
  readonly table: T;
  /** What it can be sorted by: columns that indexes lead to, after the conditions of `lead`; those of short lists aside. */
  readonly pages: PageOrder;
  /** Conditions that an index serves together with the sort. */
  readonly lead: readonly Condition<T>[];
  /** Conditions that are tried on row after row. */
  readonly rest: readonly Condition<T>[];
  /** How many rows are tried for one page at most; 5000 unless given. */
  readonly budget?: number | undefined;
  /** How many rows to leave out, for clients of go-ocpp-server. */
  readonly offset?: number | undefined;
  /** Whether a condition of `rest` looks into long texts, so that only so many bytes of them are tried for one page. */
  readonly searched?: boolean | undefined;
}

/** How many bytes of texts a page holds at most, one row aside, and how many are tried for one page. */
const pageBytes = 4_194_304;
const triedBytes = 33_554_432;

/** What lists that scan say of themselves in their description. */
export const scanNote =
  "A page may have fewer entries than `limit`, even none, where few fit: it is the last one only where `Link` has no rel=next.";

type Query<T extends keyof Tables> = SelectQueryBuilder<Tables, T, object>;
type Key = number | string;
type Position = readonly [value: Key, id: Key];

/** Where a row of a page stands, and how many bytes its texts take. */
export interface Place {
  readonly page_value: Key;
  readonly page_id: Key;
  readonly page_bytes: number;
}

interface Plan<T extends keyof Tables> {
  /** The rows from the position on, in order, by what an index serves. */
  readonly candidates: Query<T>;
  /** Those of the first so many candidates that fit. */
  readonly fitting: (budget: number) => Query<T>;
  readonly value: RawBuilder<Key>;
  readonly id: RawBuilder<Key>;
  /** The bytes of a row's texts; databases tell them without reading the texts. */
  readonly bytes: RawBuilder<number>;
}

/** The column of a sort. Throws where the list has none of this name. */
function sortOf({ sorts }: PageOrder, name: string): SortColumn {
  const sort = Object.hasOwn(sorts, name) ? sorts[name] : undefined;
  if (sort === undefined) throw fieldError("query", "sort", `must be one of ${Object.keys(sorts).join(", ")}`);
  return sort;
}

/** Forms the queries of a page. Exported for the test that looks at how databases run them. */
export function scanPlan<T extends keyof Tables>(
  store: Store,
  { table, pages, lead, rest }: Scan<T>,
  name: string,
  order: "asc" | "desc",
  position: Position | undefined,
): Plan<T> {
  const { column, empty } = sortOf(pages, name);
  const value = empty === undefined ? sql.ref<Key>(column) : sql<Key>`coalesce(${sql.ref(column)}, ${sql.lit(empty)})`;
  const id = sql.ref<Key>(pages.id);
  const bytes = textBytes(table);
  const single = column === pages.id;
  const than = sql.raw(order === "asc" ? ">" : "<");

  let candidates = store.reader.selectFrom(table as "transactions") as unknown as Query<T>;
  for (const condition of lead) candidates = candidates.where(condition as never);
  // Rows without a value have no place in an order by it.
  if (!single && empty === undefined) candidates = candidates.where(sql<SqlBool>`${value} is not null`);
  if (position !== undefined) {
    candidates = candidates.where(
      single
        ? sql<SqlBool>`${id} ${than} ${position[1]}`
        : sql<SqlBool>`(${value} ${than} ${position[0]} or (${value} = ${position[0]} and ${id} ${than} ${position[1]}))`,
    );
    // The bound that an index can start from.
    if (!single) candidates = candidates.where(sql<SqlBool>`${value} ${than}= ${position[0]}`);
  }
  candidates = single ? candidates.orderBy(id, order) : candidates.orderBy(value, order).orderBy(id, order);

  const fitting = (budget: number): Query<T> => {
    // The order stays that of the inner query: a subquery with a limit is run as it stands.
    // Measured in here, where the database need not read a text for it.
    const tried = candidates.selectAll().select(bytes.as("page_bytes")).limit(budget).as(table);
    let query = store.reader.selectFrom(tried as never) as unknown as Query<T>;
    for (const condition of rest) query = query.where(condition as never);
    return query;
  };
  return { candidates, fitting, value, id, bytes };
}

/** How many of the first rows may be tried: as many as the budget, or as have no more texts than may be searched. */
async function triedRows<T extends keyof Tables>(
  { reader }: Store,
  { budget = 5_000, searched = false }: Scan<T>,
  { candidates, bytes }: Plan<T>,
): Promise<number> {
  if (!searched) return budget;
  const sizes = candidates.select(bytes.as("bytes")).limit(budget).as("sizes");
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select sum(bytes) over (rows unbounded preceding) as sum from ${sizes}
    ) as sums where sum <= ${triedBytes}`.execute(reader);
  return Math.max(1, rows[0]?.count ?? budget);
}

/** The first of some rows that fit into a page by their bytes, the first one in any case. */
function within<Row extends Place>(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const count = rows.findIndex((row, index) => {
    bytes += row.page_bytes;
    return index > 0 && bytes > pageBytes;
  });
  return count < 0 ? [...rows] : rows.slice(0, count);
}

/** Finds one page, its rows (`whole`) or only their places, and sets `Link` to the next one. */
export async function findPage<T extends keyof Tables, Row extends Place>(
  request: PageRequest,
  reply: PageReply,
  store: Store,
  scan: Scan<T>,
  whole: boolean,
): Promise<Row[]> {
  const { pages, rest, offset = 0 } = scan;
  const { limit, sort, order, cursor } = request.query;
  let position: Position | undefined;
  if (cursor !== undefined) {
    const { value, id } = readCursor(cursor, { sort, order }, kindsOf(pages, sortOf(pages, sort)));
    position = [value, id];
  }
  const plan = scanPlan(store, scan, sort, order, position);
  const bounded = rest.length > 0;
  const budget = bounded ? await triedRows(store, scan, plan) : 0;

  let query = bounded ? plan.fitting(budget) : plan.candidates;
  if (offset > 0) query = query.offset(offset);
  const bytes = bounded ? sql.ref<number>("page_bytes") : plan.bytes;
  const rows = (await (whole ? query.selectAll() : query)
    .select([
      plan.value.as("page_value"),
      plan.id.as("page_id"),
      ...(whole && bounded ? [] : [bytes.as("page_bytes")]),
    ] as never)
    .limit(limit + 1)
    .execute()) as unknown as Row[];

  const shown = within(rows.slice(0, limit));
  let next: Position | undefined;
  const last = shown.at(-1);
  if (rows.length > shown.length) {
    if (last !== undefined) next = [last.page_value, last.page_id];
  } else if (bounded) {
    const end = (await plan.candidates
      .select([plan.value.as("value"), plan.id.as("id")] as never)
      .offset(budget - 1)
      .limit(1)
      .executeTakeFirst()) as { value: Key; id: Key } | undefined;
    if (end !== undefined) next = [end.value, end.id];
  }

  linkPages(request, reply, { sort, order }, next && { value: next[0], id: next[1] });
  return shown;
}

/**
 * Finds one page of a list, and sets `Link` to the next one. Pages are cut by the value of the sort and the id. However
 * few rows fit, no page tries more than a set number of them: one that finds too few within it says where to go on. For
 * lists whose rows have no long texts; `sendPage` is for the others.
 */
export async function scanPage<T extends keyof Tables>(
  request: PageRequest,
  reply: PageReply,
  store: Store,
  scan: Scan<T>,
): Promise<Tables[T][]> {
  const rows = await findPage<T, Tables[T] & Place>(request, reply, store, scan, true);
  return rows.map(({ page_value: _value, page_id: _id, page_bytes: _bytes, ...row }) => row as unknown as Tables[T]);
}

/**
 * The conditions of a list that has an index over two columns and the id: it leads to an order by the id only where both are
 * given, so that otherwise they are tried on row after row.
 */
export function ledByBoth<T extends keyof Tables>(
  one: Condition<T> | undefined,
  other: Condition<T> | undefined,
): Pick<Scan<T>, "lead" | "rest"> {
  const conditions = [one, other].filter((condition) => condition !== undefined);
  return conditions.length === 2 ? { lead: conditions, rest: [] } : { lead: [], rest: conditions };
}

/** The parameters that name a stretch of time. */
export const timeParameters: Readonly<Record<"since" | "until", Schema<string>>> = {
  since: { type: "string", maxLength: 40, description: "From this time on: a date-time, or a date in UTC." },
  until: { type: "string", maxLength: 40, description: "Up to but not including this time." },
};

/** How far ids may run ahead of the clock when many are made at once, in milliseconds. */
const ahead = 60_000;

/** The conditions for a stretch of time: ids are made of the time, so that they lead to it, and the column settles it. */
export function during<T extends "frames" | "logs" | "events" | "audit">(query: {
  readonly since?: string;
  readonly until?: string;
}): { readonly lead: Condition<T>[]; readonly rest: Condition<T>[] } {
  const since = query.since === undefined ? undefined : parseTime(query.since, "since");
  const until = query.until === undefined ? undefined : parseTime(query.until, "until");
  const lead: Condition<T>[] = [];
  const rest: Condition<T>[] = [];
  if (since !== undefined) {
    lead.push(() => sql<SqlBool>`id >= ${idAt(since)}`);
    rest.push(() => sql<SqlBool>`at >= ${since}`);
  }
  if (until !== undefined) {
    lead.push(() => sql<SqlBool>`id < ${idAt(until + ahead)}`);
    rest.push(() => sql<SqlBool>`at < ${until}`);
  }
  return { lead, rest };
}

/** The condition that a column holds a text; letters of ASCII in any case, as both databases can do it. */
export function holds<T extends keyof Tables>(column: string, text: string): Condition<T> {
  const pattern = `%${text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[\\%_]/g, "\\$&")}%`;
  return () => sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
}
