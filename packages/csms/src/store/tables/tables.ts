import { type CommandTables, commandTables } from "./commands.ts";
import { type ConnectorTables, connectorTables } from "./connectors.ts";
import type { TableDescriptions } from "./description.ts";
import { type EventTables, eventTables } from "./events.ts";
import { type HttpTables, httpTables } from "./http.ts";
import { type JobTables, jobTables } from "./jobs.ts";
import { type ObservabilityTables, observabilityTables } from "./observability.ts";
import { type ReservationTables, reservationTables } from "./reservations.ts";
import { type StationTables, stationTables } from "./stations.ts";
import { type StoreTables, storeTables } from "./store.ts";
import { type TokenTables, tokenTables } from "./tokens.ts";
import { type TransactionTables, transactionTables } from "./transactions.ts";
import { type WebhookTables, webhookTables } from "./webhooks.ts";

/** All tables by name. */
export interface Tables
  extends StationTables,
    ConnectorTables,
    TokenTables,
    TransactionTables,
    ReservationTables,
    CommandTables,
    EventTables,
    WebhookTables,
    ObservabilityTables,
    HttpTables,
    JobTables,
    StoreTables {}

/** What must be known of each table, in an order in which they can be filled. */
export const tableDescriptions: TableDescriptions<Tables> = {
  ...storeTables,
  ...stationTables,
  ...connectorTables,
  ...tokenTables,
  ...transactionTables,
  ...reservationTables,
  ...commandTables,
  ...eventTables,
  ...webhookTables,
  ...observabilityTables,
  ...httpTables,
  ...jobTables,
};

/** The names of all tables, in an order in which they can be filled. */
export const tableNames: readonly (keyof Tables)[] = Object.keys(tableDescriptions) as (keyof Tables)[];
