import type { Store, Write, WriteQuery } from "../../store/store.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import type { CertificatePins } from "../certificates.ts";

/** The rows of stations. */
export interface StationRepository {
  readonly get: (id: string) => Promise<StationRow | undefined>;
  /** Those of some identities that are there; asked for in queries of 500. */
  many(ids: readonly string[]): Promise<StationRow[]>;
  count(): Promise<number>;
  readonly hasSerialNumber: (serialNumber: string) => Promise<boolean>;
  /** Whether a station has a transaction that has not ended. */
  hasOpenTransaction(id: string): Promise<boolean>;
  /** The stations that are recorded as connected since before a time, or since an unknown one. */
  connectedBefore(time: number): Promise<string[]>;
  /** How many stations have taken themselves in and were not touched since. */
  countSelfRegistered(): Promise<number>;
  /**
   * Stations that took themselves in, are not connected and have no transaction: those that never booted first, then by when
   * they were seen last; only those not seen since `before`, where that is given.
   */
  idleSelfRegistered(limit: number, before?: number): Promise<string[]>;
  insert(row: StationRow): WriteQuery;
  /** Changes the fields that are given; compiled once for each set of fields. */
  readonly patch: (fields: Pick<StationRow, "id"> & Partial<StationRow>) => Write;
  /** Stores the digest of a password, unless the station has another password by now. */
  readonly digest: (row: Pick<StationRow, "id" | "password_hash" | "password_digest">) => Write;
  /** Records a serial number where the station has none, and no other station has this one. */
  serialNumberBinding(id: string, serialNumber: string, now: number): WriteQuery;
  /** Pins a certificate in place of the pins that were read, unless they have changed since. */
  certificatePin(read: CertificatePins & Pick<StationRow, "id">, fingerprint: string, now: number): WriteQuery;
  /** Removes a station and its connectors. What it did stays. */
  removal(id: string): readonly WriteQuery[];
  /** The same, where it is not connected, and nobody has touched it since it took itself in. */
  selfRegisteredRemoval(id: string): readonly WriteQuery[];
  forgetConnections(now: number): WriteQuery;
}

/** A row of which only the identity is known. */
export function blankStation(id: string, now: number): StationRow {
  return {
    id,
    registration: "Accepted",
    booted: 0,
    protocol: null,
    vendor: null,
    model: null,
    serial_number: null,
    firmware_version: null,
    iccid: null,
    imsi: null,
    meter_type: null,
    meter_serial_number: null,
    boot_reason: null,
    status: "Unknown",
    error_code: null,
    status_at: null,
    heartbeat_interval: null,
    security_profile: 0,
    password_hash: null,
    password_digest: null,
    next_password_hash: null,
    password_limit: null,
    connected: 0,
    connected_at: null,
    disconnected_at: null,
    remote_address: null,
    last_boot_at: null,
    last_heartbeat_at: null,
    last_seen_at: null,
    note: null,
    automation: null,
    message_limits: null,
    allow_expired_certificate: 0,
    certificate_expired: 0,
    pinned_certificate: null,
    next_certificate: null,
    self_registered: 0,
    created_at: now,
    updated_at: now,
  };
}

/** How many stations are looked up with one query. */
const chunk = 500;

/** Makes the repository. */
export function createStationRepository(store: Store): StationRepository {
  const db = store.reader;
  return {
    get: (id) => db.selectFrom("stations").selectAll().where("id", "=", id).executeTakeFirst(),
    many: async (ids) => {
      const rows: StationRow[] = [];
      for (let from = 0; from < ids.length; from += chunk) {
        const some = ids.slice(from, from + chunk);
        rows.push(...(await db.selectFrom("stations").selectAll().where("id", "in", some).execute()));
      }
      return rows;
    },
    count: async () => {
      const { count } = await db
        .selectFrom("stations")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return count;
    },
    hasSerialNumber: async (serialNumber) => {
      const query = db.selectFrom("stations").select("id").where("serial_number", "=", serialNumber);
      return (await query.limit(1).executeTakeFirst()) !== undefined;
    },
    hasOpenTransaction: async (id) => {
      const query = db.selectFrom("transactions").select("id").where("station_id", "=", id).where("complete", "=", 0);
      return (await query.limit(1).executeTakeFirst()) !== undefined;
    },
    connectedBefore: async (time) => {
      const rows = await db
        .selectFrom("stations")
        .select("id")
        .where("connected", "=", 1)
        .where((where) => where.or([where("connected_at", "is", null), where("connected_at", "<", time)]))
        .execute();
      return rows.map(({ id }) => id);
    },
    countSelfRegistered: async () => {
      const { count } = await db
        .selectFrom("stations")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("self_registered", "=", 1)
        .executeTakeFirstOrThrow();
      return count;
    },
    idleSelfRegistered: async (limit, before) => {
      let query = db
        .selectFrom("stations")
        .select("id")
        .where("self_registered", "=", 1)
        .where("connected", "=", 0)
        .where((where) =>
          where.not(
            where.exists(
              where.selectFrom("transactions").select("transactions.id").whereRef("station_id", "=", "stations.id"),
            ),
          ),
        )
        .orderBy((order) => order.case().when("last_boot_at", "is", null).then(0).else(1).end())
        .orderBy((order) => order.fn.coalesce("last_seen_at", "created_at"))
        .limit(limit);
      if (before !== undefined) {
        query = query.where((where) => where(where.fn.coalesce("last_seen_at", "created_at"), "<", before));
      }
      return (await query.execute()).map(({ id }) => id);
    },
    insert: (row) => db.insertInto("stations").values(row),
    patch: store.prepare<Pick<StationRow, "id"> & Partial<StationRow>>((tables, { id, ...fields }) =>
      tables.updateTable("stations").set(fields).where("id", "=", id),
    ),
    digest: store.prepare<Pick<StationRow, "id" | "password_hash" | "password_digest">>((tables, row) =>
      tables
        .updateTable("stations")
        .set({ password_digest: row.password_digest })
        .where("id", "=", row.id)
        .where("password_hash", "=", row.password_hash),
    ),
    serialNumberBinding: (id, serialNumber, now) =>
      db
        .updateTable("stations")
        .set({ serial_number: serialNumber, updated_at: now })
        .where("id", "=", id)
        .where("serial_number", "is", null)
        .where((where) =>
          where.not(
            where.exists(
              where.selectFrom("stations as other").select("other.id").where("other.serial_number", "=", serialNumber),
            ),
          ),
        ),
    certificatePin: ({ id, pinned_certificate: pinned, next_certificate: next }, fingerprint, now) =>
      db
        .updateTable("stations")
        .set({ pinned_certificate: fingerprint, next_certificate: null, updated_at: now })
        .where("id", "=", id)
        .where("pinned_certificate", "is not distinct from", pinned)
        .where("next_certificate", "is not distinct from", next),
    removal: (id) => [
      db.deleteFrom("connectors").where("station_id", "=", id),
      db.deleteFrom("stations").where("id", "=", id),
    ],
    selfRegisteredRemoval: (id) => {
      const idle = db.selectFrom("stations").select("id").where("self_registered", "=", 1).where("connected", "=", 0);
      return [
        db.deleteFrom("connectors").where("station_id", "in", idle.where("id", "=", id)),
        db.deleteFrom("stations").where("id", "in", idle.where("id", "=", id)),
      ];
    },
    forgetConnections: (now) =>
      db.updateTable("stations").set({ connected: 0, disconnected_at: now }).where("connected", "=", 1),
  };
}
