import { sql } from "kysely";
import type { Store, WriteQuery } from "../../store/store.ts";
import type { TokenRow } from "../../store/tables/tokens.ts";

/** The rows of id tokens, found by their keys (`tokenKey`). */
export interface TokenRepository {
  get(key: string): Promise<TokenRow | undefined>;
  /** The write of a token, unless there is one of that key already. */
  insertion(row: TokenRow): WriteQuery;
  /** The write of a token, which replaces all but the id of one of that key. */
  upsert(row: TokenRow): WriteQuery;
  removal(key: string): WriteQuery;
  /** How many accepted transactions run with a token, one row of a transaction aside. */
  countActive(key: string, besides: number | undefined): Promise<number>;
}

/** Makes the repository. */
export function createTokenRepository({ reader }: Store): TokenRepository {
  return {
    get: (key) => reader.selectFrom("tokens").selectAll().where("token_key", "=", key).executeTakeFirst(),
    insertion: (row) =>
      reader
        .insertInto("tokens")
        .values(row)
        .onConflict((conflict) => conflict.column("token_key").doNothing()),
    upsert: (row) => {
      const { id: _id, ...fields } = row;
      return reader
        .insertInto("tokens")
        .values(row)
        .onConflict((conflict) => conflict.column("token_key").doUpdateSet(fields));
    },
    removal: (key) => reader.deleteFrom("tokens").where("token_key", "=", key),
    countActive: async (key, besides) => {
      const { count } = await reader
        .selectFrom("transactions")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("complete", "=", 0)
        .where(sql`lower(id_token)`, "=", key)
        .where("authorization", "=", "Accepted")
        .where("id", "!=", besides ?? 0)
        .executeTakeFirstOrThrow();
      return count;
    },
  };
}
