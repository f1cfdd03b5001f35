import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Schema } from "../shared/schema.ts";
import type { PositionKinds } from "./cursor.ts";

/** How many rows a page has unless asked otherwise, and at most. */
const usualLimit = 100;
const highestLimit = 1_000;

/** A column that a list can be sorted by. */
export interface SortColumn {
  readonly column: string;
  /** Whether it holds texts and not numbers. */
  readonly text?: true;
  /** What stands in for null. Rows where it is null are left out of a list that is sorted by it unless this is given. */
  readonly empty?: number | string;
}

/** What a list can be sorted by. */
export interface PageOrder {
  /** The column of each name that `sort` may have. */
  readonly sorts: Readonly<Record<string, SortColumn>>;
  /** The sort that is taken unless one is asked for. */
  readonly sort: string;
  readonly order: "asc" | "desc";
  /** The column that is unique, which settles the order of rows that are alike. */
  readonly id: string;
}

/** The part of a query that pages are asked for by. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly sort: string;
  readonly order: "asc" | "desc";
}

/** A request for a page: its query has the parameters of `pageParameters`. */
export interface PageRequest extends Pick<FastifyRequest, "url"> {
  readonly query: PageQuery;
  readonly server: Pick<FastifyInstance, "largeAnswers">;
}

/** What a page is answered with: its headers are set. */
export type PageReply = Pick<FastifyReply, "header">;

/** Whether the values of a sort and the ids of a list are numbers or texts. */
export function kindsOf({ sorts, id }: PageOrder, { column }: SortColumn): PositionKinds {
  const kind = (of: string): "number" | "string" =>
    Object.values(sorts).some((sort) => sort.column === of && sort.text === true) ? "string" : "number";
  return { value: kind(column), id: kind(id) };
}

/** The schemas of the parameters that pages are asked for by. */
export type PageParameters = {
  readonly limit: Schema<number> & { readonly default: number };
  readonly cursor: Schema<string>;
  readonly sort: Schema<string> & { readonly default: string };
  readonly order: Schema<"asc" | "desc"> & { readonly default: string };
};

/** The parameters that pages are asked for by, to be put among the others of a query's schema. */
export function pageParameters({ sorts, sort, order }: PageOrder, limit: number = usualLimit): PageParameters {
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
export const linkHeader: Readonly<Record<"Link", Schema<string>>> = {
  Link: {
    type: "string",
    description: 'The address of the next page (rel="next") and of the first (rel="first"); RFC 8288.',
  },
};
