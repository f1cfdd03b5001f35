import { type Expression, type RawBuilder, sql } from "kysely";

/**
 * The ids of the first rows of a query that have no more than so many bytes together, and of one more: a subquery for
 * `where id in`. The query says how many rows there are at most, and has them in the order of their ids.
 */
export function firstWithin(
  rows: Expression<{ id: number; bytes: number }>,
  order: "asc" | "desc",
  most: number,
): RawBuilder<number> {
  return sql<number>`(select id from (
    select id, sum(bytes) over (order by id ${sql.raw(order)} rows unbounded preceding) - bytes as before
    from ${rows} as sized
  ) as sums where before < ${most})`;
}
