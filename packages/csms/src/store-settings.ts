import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Configuration } from "./config/configuration.ts";
import type { PasswordKeyPlace } from "./stations/password-key.ts";
import type { StoreOptions } from "./store/store-options.ts";

/** The file of the SQLite database. */
export function sqliteFile({ store }: Pick<Configuration, "store">): string {
  return store.sqlitePath ?? join(store.folder, "ocpp.db");
}

/** Where the key of the digests of passwords comes from; undefined where none are to be kept. */
export function passwordKeyPlace(
  configuration: Pick<Configuration, "stations" | "store">,
): PasswordKeyPlace | undefined {
  const { remember, key, keyFile } = configuration.stations.passwords;
  if (!remember) return undefined;
  const { type, folder } = configuration.store;
  const beside = type === "sqlite" ? dirname(sqliteFile(configuration)) : folder;
  return { configured: key, file: keyFile ?? join(beside, "station-passwords.key") };
}

/** Where the configuration says that everything is stored. Throws where the file with authorities cannot be read. */
export function storeOptions(configuration: Pick<Configuration, "store">): StoreOptions {
  const { type, node, postgres } = configuration.store;
  const timeout = configuration.store.timeout * 1_000;
  if (type === "sqlite") return { kind: "sqlite", node, timeout, file: sqliteFile(configuration) };
  const { host, port, user, password, database, sslMode, sslRootCert, poolSize } = postgres;
  const ca = sslRootCert === null ? {} : { ca: readFileSync(sslRootCert, "utf8") };
  const ssl = sslMode === "disable" ? false : { ...ca, rejectUnauthorized: sslMode !== "require" };
  return { kind: "postgres", node, timeout, host, port, user, password, database, ssl, poolSize };
}
