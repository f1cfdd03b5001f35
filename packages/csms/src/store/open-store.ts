import { openPostgres } from "./postgres/postgres-store.ts";
import { openSqlite } from "./sqlite/sqlite-store.ts";
import type { Store } from "./store.ts";
import type { StoreOptions } from "./store-options.ts";

/**
 * Opens a store: connects, brings the tables up to date and waits until it can be used. Rejects with a StoreError: `locked`
 * where another process uses the file, `schema` where the tables are of a newer version or not ours, `unavailable` where
 * the server cannot be reached.
 */
export function openStore(options: StoreOptions): Promise<Store> {
  return options.kind === "sqlite" ? openSqlite(options) : openPostgres(options);
}
