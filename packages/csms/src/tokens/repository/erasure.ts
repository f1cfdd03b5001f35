import { type Expression, type SqlBool, sql, type Transaction } from "kysely";
import { ConflictError, NotFoundError } from "../../shared/service-error.ts";
import type { Store } from "../../store/store.ts";
import { type Tables, tableDescriptions, tableNames } from "../../store/tables/tables.ts";
import { createPseudonymizer, spellings } from "../mention.ts";
import { tokenKey } from "../row.ts";

/** How many rows are read at once: few, since each may be as long as a message. */
const pageSize = 20;

/** A table of which only what is needed here is described, since its name is a value. */
interface AnyTable {
  id: number | string;
  [column: string]: unknown;
}

type AnyDatabase = Transaction<{ [table: string]: AnyTable }>;

/** Whether a text contains the token, in any case and spelling; a wider net than the replacement that follows. */
function contains(column: string, token: string): Expression<SqlBool> {
  const patterns = spellings(token).map((spelling) => `%${tokenKey(spelling).replace(/[\\%_]/g, "\\$&")}%`);
  const likes = patterns.map((pattern) => sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`);
  return sql<SqlBool>`(${sql.join(likes, sql` or `)})`;
}

async function replaceInColumn(
  db: AnyDatabase,
  [table, column]: readonly [string, string],
  key: string,
  pseudonym: string,
): Promise<number> {
  const result = await db
    .updateTable(table)
    .set({ [column]: pseudonym })
    .where(sql<SqlBool>`lower(${sql.ref(column)}) = ${key}`)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

async function replaceInTexts(
  db: AnyDatabase,
  [table, column]: readonly [string, string],
  token: string,
  replace: (text: string) => string,
): Promise<number> {
  let changed = 0;
  let after: number | string | undefined;
  for (;;) {
    let query = db
      .selectFrom(table)
      .select(["id", column])
      .where(contains(column, token))
      .orderBy("id")
      .limit(pageSize);
    if (after !== undefined) query = query.where("id", ">", after);
    const rows = await query.execute();
    for (const row of rows) {
      const { [column]: text } = row;
      const id = row["id"] as number | string;
      after = id;
      const replaced = typeof text === "string" ? replace(text) : text;
      if (replaced === text) continue;
      await db
        .updateTable(table)
        .set({ [column]: replaced })
        .where("id", "=", id)
        .execute();
      changed += 1;
    }
    if (rows.length < pageSize) return changed;
  }
}

async function checkIdle(db: Transaction<Tables>, key: string): Promise<void> {
  const running = await db
    .selectFrom("transactions")
    .select("transaction_id")
    .where("complete", "=", 0)
    .where((where) => where.or([where(sql`lower(id_token)`, "=", key), where(sql`lower(stop_id_token)`, "=", key)]))
    .limit(1)
    .executeTakeFirst();
  if (running === undefined) return;
  throw new ConflictError(`Transaction ${running.transaction_id} runs with the token: erase it when it has ended`);
}

async function eraseToken(
  db: Transaction<Tables>,
  token: string,
  pseudonym: string,
  now: number,
): Promise<Record<string, number>> {
  const key = tokenKey(token);
  await checkIdle(db, key);
  const counts: Record<string, number> = {};
  const count = (table: string, rows: number): void => {
    if (rows > 0) counts[table] = (counts[table] ?? 0) + rows;
  };
  const own = await db
    .updateTable("tokens")
    .set({
      token: pseudonym,
      token_key: tokenKey(pseudonym),
      status: "Invalid",
      note: null,
      erased: 1,
      updated_at: now,
    })
    .where("token_key", "=", key)
    .executeTakeFirst();
  count("tokens", Number(own.numUpdatedRows));
  const any = db as unknown as AnyDatabase;
  const { inJson, inSentence } = createPseudonymizer(token, pseudonym);
  for (const table of tableNames) {
    const { columns = [], json = [], sentences = [] } = tableDescriptions[table].idTokens ?? {};
    for (const column of columns) count(table, await replaceInColumn(any, [table, column], key, pseudonym));
    for (const column of json) count(table, await replaceInTexts(any, [table, column], token, inJson));
    for (const column of sentences) count(table, await replaceInTexts(any, [table, column], token, inSentence));
  }
  if (Object.keys(counts).length > 0) return counts;
  throw new NotFoundError("The token stands nowhere");
}

/**
 * Replaces a token by a pseudonym in all tables, in one transaction; while it looks through them, other writes wait. Resolves
 * with how many rows of each table changed. Rejects with a ConflictError while a transaction runs with the token, and with a
 * NotFoundError where it stands nowhere.
 */
export async function replaceToken(
  store: Store,
  token: string,
  pseudonym: string,
  now: number,
): Promise<Record<string, number>> {
  // Lines of logs that no caller waited for may be on their way: this write stands behind them.
  await store.write(store.reader.deleteFrom("tokens").where("id", "=", -1));
  return store.transaction((db) => eraseToken(db, token, pseudonym, now));
}
