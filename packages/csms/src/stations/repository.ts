import type { Store, Write, WriteQuery } from "../store/store.ts";
import type { StationRow } from "../store/tables/stations.ts";
import type { CertificatePins } from "./certificates.ts";

/** The statements of the station registry. */
export interface StationWrites {
  insert(row: StationRow): WriteQuery;
  /** Changes the fields that are given; compiled once for each set of fields. */
  readonly patch: (fields: Pick<StationRow, "id"> & Partial<StationRow>) => Write;
  /** Keeps the digest of a password, unless the station has another password by now. */
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

/** Makes the statements for a store. */
export function createStationWrites(store: Store): StationWrites {
  const db = store.reader;
  return {
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
