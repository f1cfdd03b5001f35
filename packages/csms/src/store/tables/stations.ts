import type { Flag, TableDescriptions } from "./description.ts";

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
export interface UnknownStationRow {
  identity: string;
  first_at: number;
  last_at: number;
  attempts: number;
  remote_address: string;
  subprotocols: string;
}

/** The tables of this subject by name. */
export interface StationTables {
  stations: StationRow;
  knocks: UnknownStationRow;
}

/** What must be known of each. */
export const stationTables: TableDescriptions<StationTables> = {
  stations: {
    key: ["id"],
    id: null,
    longTexts: [],
    age: null,
    idTokens: null,
  },
  knocks: {
    key: ["identity"],
    id: null,
    longTexts: [],
    age: null,
    idTokens: null,
  },
};
