/*
 * The tables, as Kysely sees them; the same on SQLite and PostgreSQL. `migrations/` makes them.
 *
 * Conventions: `id` is a number from `Store.nextId`, so rows of a table in the order of `id` are in the order of their
 * making, and pages are cut by it. Times named `…_at` are milliseconds since 1970, taken from our clock unless the
 * column says otherwise; what a station wrote as its own time stands beside as text. Flags are 0 or 1. Energies are in
 * watt-hours. Payloads are kept as the text that came.
 */

/** 0 or 1. */
export type Flag = 0 | 1;

/** A charging station. */
export interface StationRow {
  /** The identity. */
  id: string;
  registration: "Accepted" | "Pending" | "Rejected";
  /** 1 once a BootNotification was answered Accepted; from then on the station is served after a reconnect. */
  booted: Flag;
  /** The subprotocol of its newest connection. */
  protocol: string | null;
  vendor: string | null;
  model: string | null;
  serial_number: string | null;
  firmware_version: string | null;
  iccid: string | null;
  imsi: string | null;
  meter_type: string | null;
  meter_serial_number: string | null;
  boot_reason: string | null;
  /** The status of the station as a whole: connector 0 of 1.6, EVSE 0 of 2.x. */
  status: string;
  error_code: string | null;
  /** When that status was received. */
  status_at: number | null;
  /** Seconds; the configured one where it is null. */
  heartbeat_interval: number | null;
  /** The least security profile that it may connect with. */
  security_profile: number;
  password_hash: string | null;
  /**
   * A digest of the password of `password_hash` under a key that is not in the database, by which the password is checked
   * quickly; null where none was kept.
   */
  password_digest: string | null;
  /** The hash of a password that the station has been sent and has not accepted yet. */
  next_password_hash: string | null;
  /** The most characters of a password that the station takes, as it has reported (maxLimit of BasicAuthPassword, 2.x). */
  password_limit: number | null;
  connected: Flag;
  connected_at: number | null;
  disconnected_at: number | null;
  remote_address: string | null;
  last_boot_at: number | null;
  last_heartbeat_at: number | null;
  /** When anything of it arrived. */
  last_seen_at: number | null;
  note: string | null;
  /** JSON: what the CSMS sends to it unasked, by name, `on` or `off`; null where the configuration decides. */
  automation: string | null;
  /** JSON: how many items a message to it may hold, by action, as it has reported (ItemsPerMessage of 2.x). */
  message_limits: string | null;
  /** Whether it may come with a client certificate that has expired, to get a new one (A00.FR.429). */
  allow_expired_certificate: Flag;
  /** Whether the certificate with which it came last had expired. */
  certificate_expired: Flag;
  /** The SHA-256 fingerprint of the client certificate that it must show, and of one that takes its place once it is shown. */
  pinned_certificate: string | null;
  next_certificate: string | null;
  /**
   * 1 where the station was taken in by itself, under a name that anybody could have made up, and nobody has accepted or
   * changed it since. Such stations are few, and go when they are not seen any more.
   */
  self_registered: Flag;
  created_at: number;
  updated_at: number;
}

/** An unknown station that was refused at the door. */
export interface KnockRow {
  identity: string;
  first_at: number;
  last_at: number;
  attempts: number;
  remote_address: string;
  subprotocols: string;
}

/**
 * A connector. Of OCPP 1.6, `evse_id` and `connector_id` are both the connector's number; `connector_id` is 0 where a
 * 2.x station spoke of the EVSE as a whole.
 */
export interface ConnectorRow {
  station_id: string;
  evse_id: number;
  connector_id: number;
  status: string;
  error_code: string | null;
  info: string | null;
  vendor_id: string | null;
  vendor_error_code: string | null;
  /** The station's time of the status, as text. */
  status_time: string | null;
  /** When the status was received, or the message that it was concluded from. */
  updated_at: number;
  /** 1 where the CSMS has concluded the status from transactions; all else is of the last one that was reported. */
  concluded: Flag;
}

/** One status that a station reported. */
export interface StatusRow {
  id: number;
  station_id: string;
  evse_id: number;
  connector_id: number;
  status: string;
  error_code: string | null;
  info: string | null;
  vendor_error_code: string | null;
  status_time: string | null;
  received_at: number;
}

/** An id token, or idTag of 1.6. Compared without regard to case. */
export interface TokenRow {
  id: number;
  token: string;
  /** `token` in lower case; unique. */
  token_key: string;
  /** The IdTokenEnumType of 2.x; null where it is any. */
  type: string | null;
  status: "Accepted" | "Blocked" | "Expired" | "Invalid";
  expires_at: number | null;
  /** The group id token or parent idTag. */
  group_id: string | null;
  /** How many transactions may run at once; null for any number. */
  max_active: number | null;
  /** JSON: a list of `{ stationId, evseId?, connectorId? }` where it may charge; null for everywhere. */
  restricted_to: string | null;
  note: string | null;
  /** 1 once the driver's data was erased. */
  erased: Flag;
  created_at: number;
  updated_at: number;
}

/** A transaction, of any version. */
export interface TransactionRow {
  id: number;
  station_id: string;
  /** As the station calls it; for 1.6 the decimal number that we gave it. Unique for a station. */
  transaction_id: string;
  /** The number of 1.6; unique over all stations. Null in 2.x. */
  number: number | null;
  protocol: string;
  evse_id: number;
  connector_id: number;
  id_token: string | null;
  id_token_type: string | null;
  group_id: string | null;
  /** What the token was worth at the start: an authorization status. */
  authorization: string | null;
  remote_start_id: number | null;
  reservation_id: number | null;
  /** The station's time of the start, and its text. Null until a message told it. */
  started_at: number | null;
  start_time: string | null;
  start_received_at: number;
  stopped_at: number | null;
  stop_time: string | null;
  stop_received_at: number | null;
  stop_reason: string | null;
  stop_id_token: string | null;
  /** A reason that was asked for by an operator before the station stopped, such as `Remote`. */
  requested_stop_reason: string | null;
  /** 1 once it has ended. */
  complete: Flag;
  /** 1 where the end is one that the CSMS made up; what the station still reports replaces it. */
  provisional: Flag;
  meter_start: number | null;
  meter_stop: number | null;
  /** The newest value of the energy register, in Wh, and the station's time of it. */
  register: number | null;
  register_at: number | null;
  charging_state: string | null;
  /** The lowest and the highest seqNo that arrived, and how many different ones. Null in 1.6. */
  first_seq: number | null;
  last_seq: number | null;
  seq_count: number;
  /** 1 where a message of it was sent late. */
  offline: Flag;
  /** JSON: a list of what looked wrong, such as `stop-before-start`. */
  remarks: string;
  /** Since when another, which started later, is known on the same EVSE; null where none is. In milliseconds since 1970. */
  doubtful_since: number | null;
  updated_at: number;
}

/** One message that told of a transaction. Unique by transaction, seqNo, type and station's time. */
export interface TransactionEventRow {
  id: number;
  /** `transactions.id`. */
  transaction: number;
  station_id: string;
  /** Started, Updated or Ended; of 1.6, StartTransaction is Started and StopTransaction Ended. */
  type: string;
  /** 0 for Started and 1 for Ended of 1.6. */
  seq_no: number;
  trigger: string | null;
  event_time: string;
  offline: Flag;
  message_id: string;
  payload: string;
  received_at: number;
}

/** A StopTransaction or Ended that could not be taken at its word, kept for somebody to look at. */
export interface FailedStopRow {
  id: number;
  station_id: string;
  transaction_id: string;
  reason: string;
  payload: string;
  received_at: number;
}

/** The sampled values of one moment. Unique by station, transaction, time and digest, so a repeat is kept once. */
export interface MeterValueRow {
  id: number;
  station_id: string;
  /** `transactions.id`; 0 outside of a transaction. */
  transaction: number;
  evse_id: number;
  connector_id: number;
  /** The station's time. */
  measured_at: number;
  time: string;
  received_at: number;
  /** Where it came from: MeterValues, TransactionEvent, StartTransaction, StopTransaction or Backup. */
  source: string;
  /** Energy.Active.Import.Register of it in Wh, over all phases at the outlet; null where it has none. */
  register: number | null;
  /** JSON: the `sampledValue` as it came. */
  sampled: string;
  /** A hash of `sampled`, evse and connector. */
  digest: number;
}

/** A reservation. */
export interface ReservationRow {
  /** The reservationId; unique over all stations. */
  id: number;
  station_id: string;
  evse_id: number | null;
  connector_id: number | null;
  connector_type: string | null;
  id_token: string;
  id_token_type: string | null;
  group_id: string | null;
  expires_at: number;
  status: "Requested" | "Active" | "Refused" | "Used" | "Cancelling" | "Cancelled" | "Expired" | "Removed" | "Failed";
  /** What the station said, such as Occupied. */
  answer: string | null;
  /** `transactions.id` of the transaction that used it. */
  transaction: number | null;
  created_at: number;
  updated_at: number;
}

/** A command to a station. */
export interface CommandRow {
  /** Its unique id, which is also the message id on the wire. */
  id: string;
  /** For the order. */
  seq: number;
  station_id: string;
  action: string;
  payload: string;
  state: "new" | "sent" | "received" | "completed" | "error";
  /** The payload of the answer. */
  result: string | null;
  error_code: string | null;
  error_description: string | null;
  job_id: number | null;
  /** Who asked: the name of an API key, or of a part of the CSMS. */
  requested_by: string;
  created_at: number;
  deadline_at: number;
  sent_at: number | null;
  received_at: number | null;
  completed_at: number | null;
}

/** One command to many stations. */
export interface JobRow {
  id: number;
  action: string;
  payload: string;
  total: number;
  requested_by: string;
  created_at: number;
  cancelled: Flag;
}

/** A remote start that waits for its transaction. */
export interface RemoteStartRow {
  id: number;
  station_id: string;
  evse_id: number | null;
  id_token: string;
  /** Null in 1.6. */
  id_token_type: string | null;
  remote_start_id: number;
  status: "Pending" | "Started" | "Refused" | "Expired";
  transaction: number | null;
  created_at: number;
  updated_at: number;
}

/** One frame of the message log; secrets in `body` are masked. Of a long one, `body` is the beginning. */
export interface FrameRow {
  id: number;
  station_id: string;
  at: number;
  direction: "inbound" | "outbound";
  /** 2 CALL, 3 CALLRESULT, 4 CALLERROR, 5 CALLRESULTERROR, 6 SEND; 0 for what is none. */
  type: number;
  action: string | null;
  message_id: string | null;
  body: string;
  /** Where `body` was cut, the bytes of the whole text and its SHA-256 in hex, secrets masked; null where it is whole. */
  length: number | null;
  digest: string | null;
}

/** How much is stored of what a station fills a log with; counted from time to time, see `log-sizes.ts`. */
export interface LogSizeRow {
  /** The table of the log. */
  log: "frames" | "events";
  /** Empty for what belongs to no station. */
  station_id: string;
  bytes: number;
}

/** A line of the system log. */
export interface LogRow {
  id: number;
  station_id: string | null;
  at: number;
  level: "INFO" | "NOTICE" | "WARNING" | "ERROR";
  source: "System" | "ChargePoint" | "API" | "Admin";
  message: string;
}

/** Something that happened; `id` is what an event stream resumes from. */
export interface EventRow {
  id: number;
  station_id: string | null;
  kind: string;
  at: number;
  data: string;
}

/** A security event of a station. */
export interface SecurityEventRow {
  id: number;
  station_id: string;
  type: string;
  tech_info: string | null;
  time: string;
  critical: Flag;
  received_at: number;
}

/** Who is told of events by HTTP. */
export interface WebhookRow {
  id: number;
  url: string;
  secret: string;
  /** JSON lists; null for all. */
  kinds: string | null;
  stations: string | null;
  active: Flag;
  /** How many events, and how many bytes, a post holds at most; null for one event a post. */
  batch_events: number | null;
  batch_bytes: number | null;
  created_at: number;
  updated_at: number;
}

/** An event on its way to a webhook. Of one webhook, a higher id is a later event. */
export interface DeliveryRow {
  id: number;
  webhook_id: number;
  event_id: number;
  /** The station of the event, whose deliveries stay in order. */
  station_id: string | null;
  /** Dead: given up after so many attempts. Dropped: given up because it, or too many, waited for too long. */
  status: "pending" | "delivered" | "dead" | "dropped";
  attempts: number;
  next_at: number;
  last_status: number | null;
  last_error: string | null;
  created_at: number;
  updated_at: number;
}

/** A key to the REST interface. */
export interface ApiKeyRow {
  id: number;
  name: string;
  role: "viewer" | "operator" | "admin";
  /** SHA-256 of the key, in hex; the key is 256 random bits, so no slow hash is needed. */
  hash: string;
  /** The first characters of the key, to tell keys apart. */
  prefix: string;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  created_at: number;
}

/** A change that somebody made through REST. */
export interface AuditRow {
  id: number;
  at: number;
  actor: string;
  role: string;
  remote_address: string;
  method: string;
  path: string;
  status: number;
}

/** One run of a background service. */
export interface BackgroundRunRow {
  id: number;
  name: string;
  started_at: number;
  finished_at: number | null;
  outcome: "running" | "ok" | "failed" | "interrupted";
  /** What it did, as a sentence, or what went wrong. */
  result: string | null;
}

/** A number that counts up, handed out in blocks. */
export interface CounterRow {
  name: string;
  value: number;
}

/** All tables by name. */
export interface Tables {
  stations: StationRow;
  knocks: KnockRow;
  connectors: ConnectorRow;
  statuses: StatusRow;
  tokens: TokenRow;
  transactions: TransactionRow;
  transaction_events: TransactionEventRow;
  failed_stops: FailedStopRow;
  meter_values: MeterValueRow;
  reservations: ReservationRow;
  commands: CommandRow;
  jobs: JobRow;
  remote_starts: RemoteStartRow;
  frames: FrameRow;
  log_sizes: LogSizeRow;
  logs: LogRow;
  events: EventRow;
  security_events: SecurityEventRow;
  webhooks: WebhookRow;
  deliveries: DeliveryRow;
  api_keys: ApiKeyRow;
  audit: AuditRow;
  background_runs: BackgroundRunRow;
  counters: CounterRow;
}
