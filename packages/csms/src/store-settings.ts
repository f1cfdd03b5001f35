import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "./config/configuration.ts";
import type { StoreOptions } from "./store/store-options.ts";

/** The file of the SQLite database. */
export function sqliteFile({ store }: Pick<Configuration, "store">): string {
  return store.sqlitePath ?? join(store.folder, "ocpp.db");
}

/** Where the configuration says that everything is kept. Throws where the file with authorities cannot be read. */
export function storeOptions(configuration: Pick<Configuration, "store">): StoreOptions {
  const { type, node, postgres } = configuration.store;
  if (type === "sqlite") return { kind: "sqlite", node, file: sqliteFile(configuration) };
  const { host, port, user, password, database, sslMode, sslRootCert, poolSize } = postgres;
  const ca = sslRootCert === null ? {} : { ca: readFileSync(sslRootCert, "utf8") };
  const ssl = sslMode === "disable" ? false : { ...ca, rejectUnauthorized: sslMode !== "require" };
  return { kind: "postgres", node, host, port, user, password, database, ssl, poolSize };
}
