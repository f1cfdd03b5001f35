import { openPostgres } from "./postgres/postgres-store.ts";
import { openSqlite } from "./sqlite/sqlite-store.ts";
import type { Store } from "./store.ts";
import { StoreError } from "./store-error.ts";
import type { StoreOptions } from "./store-options.ts";

/** The place of a database, as an operator knows it; without a password. */
function placeOf(options: StoreOptions): string {
  if (options.kind === "sqlite") return options.file;
  const { url } = options;
  const from = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  const database = decodeURIComponent(from?.pathname.slice(1) ?? "") || (options.database ?? "");
  const user = decodeURIComponent(from?.username ?? "") || (options.user ?? "");
  const host = from?.hostname || (options.host ?? "localhost");
  const port = from?.port || (options.port ?? 5432);
  return `PostgreSQL database ${JSON.stringify(database)} at ${host}:${port}${user === "" ? "" : `, user ${JSON.stringify(user)}`}`;
}

/**
 * Opens a store: connects, brings the tables up to date and waits until it can be used. Rejects with a StoreError: `locked`
 * where another process uses the file, `schema` where the tables are of a newer version or not ours, `unavailable` where
 * the server cannot be reached. Its message names the file, or the database, host, port and user.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  try {
    return await (options.kind === "sqlite" ? openSqlite(options) : openPostgres(options));
  } catch (error) {
    const place = placeOf(options);
    if (!(error instanceof StoreError) || error.message.includes(place)) throw error;
    throw new StoreError(error.code, `${place}: ${error.message}`, { cause: error.cause });
  }
}
