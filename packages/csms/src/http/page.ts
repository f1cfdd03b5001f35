import type { FastifyReply, FastifyRequest } from "fastify";
import { type SelectQueryBuilder, sql } from "kysely";
import type { Tables } from "../store/tables/tables.ts";
import { fieldError } from "./api-error.ts";
import { linkPages, readCursor } from "./cursor.ts";
import type { Schema } from "./schema.ts";

/** How many rows a page has unless asked otherwise, and at most. */
const usualLimit = 100;
const highestLimit = 1_000;

/** What a list can be sorted by. */
export interface PageOrder {
  /** The column of each name that `sort` may have. Where it may be null, `empty` stands in: nulls have no place in a page. */
  readonly sorts: Readonly<Record<string, { readonly column: string; readonly empty?: number | string }>>;
  /** The sort that is taken unless one is asked for. */
  readonly sort: string;
  readonly order: "asc" | "desc";
  /** The column that is unique, which settles the order of rows that are alike. */
  readonly id: string;
}

/** The part of a query that pages are asked for by. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
  readonly sort?: string;
  readonly order?: "asc" | "desc";
}

/** The parameters that pages are asked for by, to be put among the others of a query's schema. */
export function pageParameters(
  { sorts, sort, order }: PageOrder,
  limit: number = usualLimit,
): Readonly<Record<string, Schema>> {
  return {
    limit: { type: "integer", minimum: 1, maximum: highestLimit, default: limit, description: "How many at most." },
    cursor: {
      type: "string",
      minLength: 1,
      maxLength: 2_000,
      description: 'Where the page begins: from the address that the header `Link` gives with rel="next".',
    },
    sort: { type: "string", enum: Object.keys(sorts), default: sort, description: "What to sort by." },
    order: { type: "string", enum: ["asc", "desc"], default: order, description: "Up or down." },
  };
}

/** The header of lists, for the schema of their answers. */
export const linkHeader: Schema = {
  Link: {
    type: "string",
    description: 'The address of the next page (rel="next") and of the first (rel="first"); RFC 8288.',
  },
};

/**
 * Runs a query for one page, and tells of the next one in `Link`. Pages are cut by the value of the sort and the id, never by
 * counting, so that they cost the same wherever they are, and rows that come in between shift nothing. The query has its
 * conditions and neither order nor limit. `offset` counts nonetheless: for clients of go-ocpp-server, and slow far in.
 */
export async function page<TB extends keyof Tables, Row extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  query: SelectQueryBuilder<Tables, TB, Row>,
  pages: PageOrder,
  offset: number = 0,
): Promise<Row[]> {
  const asked = request.query as PageQuery;
  const limit = asked.limit ?? usualLimit;
  const name = asked.sort ?? pages.sort;
  const order = asked.order ?? pages.order;
  const sort = Object.hasOwn(pages.sorts, name) ? pages.sorts[name] : undefined;
  if (sort === undefined) throw fieldError("query", "sort", `must be one of ${Object.keys(pages.sorts).join(", ")}`);
  const { column, empty } = sort;
  const value = empty === undefined ? sql.ref(column) : sql`coalesce(${sql.ref(column)}, ${sql.lit(empty)})`;
  const id = sql.ref(pages.id);
  const single = column === pages.id;

  let part = query.select([value.as("page_value"), id.as("page_id")]);
  if (asked.cursor !== undefined) {
    const kinds = empty === undefined ? [] : [typeof empty];
    const after = readCursor(asked.cursor, { sort: name, order }, kinds);
    const than = sql.raw(order === "asc" ? ">" : "<");
    part = part.where(
      single
        ? sql<boolean>`${id} ${than} ${after.id}`
        : sql<boolean>`(${value}, ${id}) ${than} (${after.value}, ${after.id})`,
    );
  }
  part = single ? part.orderBy(id, order) : part.orderBy(value, order).orderBy(id, order);
  if (offset > 0) part = part.offset(offset);
  const rows = (await part.limit(limit + 1).execute()) as (Row & {
    page_value: number | string;
    page_id: number | string;
  })[];

  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = more && last !== undefined ? { value: last.page_value, id: last.page_id } : undefined;
  linkPages(request, reply, { sort: name, order }, next);
  return shown.map(({ page_value: _value, page_id: _id, ...row }) => row as unknown as Row);
}
