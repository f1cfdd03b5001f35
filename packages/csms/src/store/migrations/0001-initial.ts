import { type Kysely, PostgresAdapter, sql } from "kysely";

/*
 * The tables of the first version. Frozen: what changes later is a migration of its own, and nothing that changes types
 * this file. A column is its name, its type and `?` where it may be null. Frames, meter values and events are written all
 * the time, so they have few indexes.
 */

interface Table {
  readonly key: string;
  readonly columns: string;
  /** Lists of columns that no two rows have in common. */
  readonly unique?: readonly string[];
  readonly indexes?: readonly string[];
}

const tables: Readonly<Record<string, Table>> = {
  stations: {
    key: "id",
    columns: `
      id text, registration text, booted integer, protocol text?, vendor text?, model text?, serial_number text?,
      firmware_version text?, iccid text?, imsi text?, meter_type text?, meter_serial_number text?,
      boot_reason text?, status text, error_code text?, heartbeat_interval integer?, security_profile integer,
      password_hash text?, next_password_hash text?, connected integer, connected_at bigint?,
      disconnected_at bigint?, remote_address text?, last_boot_at bigint?, last_heartbeat_at bigint?,
      last_seen_at bigint?, note text?, created_at bigint, updated_at bigint`,
    indexes: ["connected"],
  },
  knocks: {
    key: "identity",
    columns: `
      identity text, first_at bigint, last_at bigint, attempts integer, remote_address text, subprotocols text`,
  },
  connectors: {
    key: "station_id, evse_id, connector_id",
    columns: `
      station_id text, evse_id integer, connector_id integer, status text, error_code text?, info text?,
      vendor_id text?, vendor_error_code text?, status_time text?, updated_at bigint`,
  },
  statuses: {
    key: "id",
    columns: `
      id bigint, station_id text, evse_id integer, connector_id integer, status text, error_code text?,
      info text?, vendor_error_code text?, status_time text?, received_at bigint`,
    indexes: ["station_id, id"],
  },
  tokens: {
    key: "id",
    columns: `
      id bigint, token text, token_key text, type text?, status text, expires_at bigint?, group_id text?,
      max_active integer?, restricted_to text?, note text?, erased integer, created_at bigint, updated_at bigint`,
    unique: ["token_key"],
    indexes: ["group_id, id"],
  },
  transactions: {
    key: "id",
    columns: `
      id bigint, station_id text, transaction_id text, number integer?, protocol text, evse_id integer,
      connector_id integer, id_token text?, id_token_type text?, group_id text?, authorization text?,
      remote_start_id integer?, reservation_id integer?, started_at bigint?, start_time text?,
      start_received_at bigint, stopped_at bigint?, stop_time text?, stop_received_at bigint?, stop_reason text?,
      stop_id_token text?, requested_stop_reason text?, complete integer, provisional integer,
      meter_start double?, meter_stop double?, register double?, register_at bigint?, charging_state text?,
      first_seq bigint?, last_seq bigint?, seq_count integer, offline integer, remarks text, updated_at bigint`,
    unique: ["station_id, transaction_id", "number"],
    // A row is written at each meter value; none of these columns changes then.
    indexes: [
      "station_id, id",
      "complete, id",
      "transaction_id, id",
      "id_token, id",
      "protocol, id",
      "started_at",
      "stopped_at",
      "station_id, started_at",
      "station_id, stopped_at",
      "id_token, started_at",
      "stopped_at, started_at",
    ],
  },
  transaction_events: {
    key: "id",
    columns: `
      id bigint, transaction bigint, station_id text, type text, seq_no bigint, trigger text?, event_time text,
      offline integer, message_id text, payload text, received_at bigint`,
    unique: ["transaction, seq_no, type, event_time"],
  },
  failed_stops: {
    key: "id",
    columns: `
      id bigint, station_id text, transaction_id text, reason text, payload text, received_at bigint`,
    indexes: ["station_id, id"],
  },
  meter_values: {
    key: "id",
    columns: `
      id bigint, station_id text, transaction bigint, evse_id integer, connector_id integer, measured_at bigint,
      time text, received_at bigint, source text, register double?, sampled text, digest bigint`,
    unique: ["transaction, station_id, measured_at, digest"],
  },
  reservations: {
    key: "id",
    columns: `
      id integer, station_id text, evse_id integer?, connector_id integer?, connector_type text?, id_token text,
      id_token_type text?, group_id text?, expires_at bigint, status text, answer text?, transaction bigint?,
      created_at bigint, updated_at bigint`,
    indexes: ["station_id, status", "status, expires_at"],
  },
  commands: {
    key: "id",
    columns: `
      id text, seq bigint, station_id text, action text, payload text, state text, result text?, error_code text?,
      error_description text?, job_id bigint?, requested_by text, created_at bigint, deadline_at bigint,
      sent_at bigint?, received_at bigint?, completed_at bigint?`,
    indexes: ["station_id, seq", "job_id, seq", "state", "seq"],
  },
  jobs: {
    key: "id",
    columns: `
      id bigint, action text, payload text, total integer, requested_by text, created_at bigint, cancelled integer`,
  },
  remote_starts: {
    key: "id",
    columns: `
      id bigint, station_id text, evse_id integer?, id_token text, remote_start_id integer, status text,
      transaction bigint?, created_at bigint, updated_at bigint`,
    indexes: ["station_id, status"],
  },
  frames: {
    key: "id",
    columns: `
      id bigint, station_id text, at bigint, direction text, type integer, action text?, message_id text?,
      body text`,
    indexes: ["station_id, id", "message_id", "action, id"],
  },
  logs: {
    key: "id",
    columns: `
      id bigint, station_id text?, at bigint, level text, source text, message text`,
    indexes: ["station_id, id", "level, id"],
  },
  events: {
    key: "id",
    columns: `
      id bigint, station_id text?, kind text, at bigint, data text`,
    indexes: ["kind, id", "station_id, id"],
  },
  security_events: {
    key: "id",
    columns: `
      id bigint, station_id text, type text, tech_info text?, time text, critical integer, received_at bigint`,
    indexes: ["station_id, id"],
  },
  webhooks: {
    key: "id",
    columns: `
      id bigint, url text, secret text, kinds text?, stations text?, active integer, created_at bigint,
      updated_at bigint`,
  },
  deliveries: {
    key: "id",
    columns: `
      id bigint, webhook_id bigint, event_id bigint, status text, attempts integer, next_at bigint,
      last_status integer?, last_error text?, created_at bigint, updated_at bigint`,
    indexes: ["status, next_at", "webhook_id, id", "webhook_id, status, next_at"],
  },
  api_keys: {
    key: "id",
    columns: `
      id bigint, name text, role text, hash text, prefix text, expires_at bigint?, revoked_at bigint?,
      last_used_at bigint?, created_at bigint`,
    unique: ["hash"],
  },
  audit: {
    key: "id",
    columns: `
      id bigint, at bigint, actor text, role text, remote_address text, method text, path text, status integer`,
  },
  background_runs: {
    key: "id",
    columns: `
      id bigint, name text, started_at bigint, finished_at bigint?, outcome text, result text?`,
    indexes: ["name, id"],
  },
  counters: {
    key: "name",
    columns: `
      name text, value bigint`,
  },
};

const sqliteTypes = { text: sql`text`, integer: sql`integer`, bigint: sql`integer`, double: sql`real` };
const postgresTypes = {
  // Compares and sorts by bytes, as SQLite does.
  text: sql`text collate "C"`,
  integer: sql`integer`,
  bigint: sql`bigint`,
  double: sql`double precision`,
};

function isType(text: string): text is keyof typeof sqliteTypes {
  return text in sqliteTypes;
}

const names = (list: string): string[] => list.split(",").map((name) => name.trim());

async function createTable(db: Kysely<unknown>, name: string, table: Table, postgres: boolean): Promise<void> {
  let builder = db.schema.createTable(name);
  const key = names(table.key);
  for (const column of names(table.columns)) {
    const [title = "", type = ""] = column.split(/\s+/);
    const nullable = type.endsWith("?");
    const plain = nullable ? type.slice(0, -1) : type;
    if (!isType(plain)) throw new TypeError(`${name}.${title}: no type ${type}`);
    const isKey = key.length === 1 && key[0] === title;
    builder = builder.addColumn(title, (postgres ? postgresTypes : sqliteTypes)[plain], (definition) => {
      const settled = nullable ? definition : definition.notNull();
      return isKey ? settled.primaryKey() : settled;
    });
  }
  if (key.length > 1) builder = builder.addPrimaryKeyConstraint(`${name}_pkey`, key as never[]);
  await (postgres ? builder : builder.modifyEnd(sql`strict`)).execute();
}

async function createIndex(db: Kysely<unknown>, table: string, columns: string, unique: boolean): Promise<void> {
  const list = names(columns);
  const builder = db.schema
    .createIndex([table, ...list].join("_"))
    .on(table)
    .columns(list);
  await (unique ? builder.unique() : builder).execute();
}

/** Makes all tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  for (const [name, table] of Object.entries(tables)) {
    await createTable(db, name, table, postgres);
    for (const columns of table.unique ?? []) await createIndex(db, name, columns, true);
    for (const columns of table.indexes ?? []) await createIndex(db, name, columns, false);
  }
}
