import type { Tables } from "./tables.ts";

/** The columns of each table's primary key, the tables in an order in which they can be filled. */
export const tableKeys: Readonly<Record<keyof Tables, readonly string[]>> = {
  counters: ["name"],
  stations: ["id"],
  knocks: ["identity"],
  connectors: ["station_id", "evse_id", "connector_id"],
  statuses: ["id"],
  tokens: ["id"],
  transactions: ["id"],
  transaction_events: ["id"],
  failed_stops: ["id"],
  meter_values: ["id"],
  reservations: ["id"],
  jobs: ["id"],
  commands: ["id"],
  remote_starts: ["id"],
  frames: ["id"],
  log_sizes: ["log", "station_id"],
  logs: ["id"],
  events: ["id"],
  security_events: ["id"],
  webhooks: ["id"],
  deliveries: ["id"],
  api_keys: ["id"],
  audit: ["id"],
  background_runs: ["id"],
};

/** The names of all tables, in an order in which they can be filled. */
export const tableNames: readonly (keyof Tables)[] = Object.keys(tableKeys) as (keyof Tables)[];
