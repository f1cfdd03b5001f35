import type { Store, Write, WriteQuery } from "../store/store.ts";
import type { StationRow } from "../store/tables.ts";

/** The statements of the station registry. */
export interface StationWrites {
  insert(row: StationRow): WriteQuery;
  /** Changes the fields that are given; compiled once for each set of fields. */
  readonly patch: (fields: Pick<StationRow, "id"> & Partial<StationRow>) => Write;
  /** Removes a station and its connectors. What it did stays. */
  removal(id: string): readonly WriteQuery[];
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
    heartbeat_interval: null,
    security_profile: 0,
    password_hash: null,
    next_password_hash: null,
    connected: 0,
    connected_at: null,
    disconnected_at: null,
    remote_address: null,
    last_boot_at: null,
    last_heartbeat_at: null,
    last_seen_at: null,
    note: null,
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
    removal: (id) => [
      db.deleteFrom("connectors").where("station_id", "=", id),
      db.deleteFrom("stations").where("id", "=", id),
    ],
    forgetConnections: (now) =>
      db.updateTable("stations").set({ connected: 0, disconnected_at: now }).where("connected", "=", 1),
  };
}
