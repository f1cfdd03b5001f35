import type { Configuration } from "../../config/configuration.ts";
import { isoTime, isoTimeOrNull } from "../../shared/iso-time.ts";
import {
  annotated,
  boolean,
  choice,
  nullable,
  parameters,
  record,
  type Schema,
  type Static,
  stationId,
  string,
  text,
  time,
  whole,
} from "../../shared/schema.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import { type AutomationSwitches, automations, readSwitches } from "../automation.ts";

/** The switches of a station for what is sent to it unasked. */
const automationSchema: Schema<AutomationSwitches> = {
  ...parameters(
    Object.fromEntries(
      ["all", ...automations].map((name) => [
        name,
        choice(name === "all" ? "All that are not named." : `As \`automation.${name}\` of the configuration.`, [
          "on",
          "off",
        ]),
      ]),
    ),
  ),
  description:
    "What the CSMS sends to this station without being asked; what is left out is as the configuration says.",
};

/** The fields of a station as REST returns it. Passwords are never returned. */
export const stationProperties = {
  id: stationId,
  vendor: nullable(string("Null until it has booted.")),
  model: nullable(string("Null until it has booted.")),
  serialNumber: nullable(string()),
  firmwareVersion: nullable(string()),
  status: string("The status of the station as a whole (connector 0 of 1.6, EVSE 0 of 2.x)."),
  errorCode: nullable(string()),
  lastHeartbeatAt: nullable(time),
  lastBootAt: nullable(time),
  heartbeatInterval: whole("Seconds that it is told to send heartbeats at.", 1),
  connected: boolean(),
  createdAt: time,
  updatedAt: time,
  registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]),
  booted: boolean("Whether it is served: a BootNotification of it was accepted, or an operator has marked it so."),
  protocol: nullable(string("The subprotocol of its newest connection.")),
  securityProfile: whole("The least security profile that it may connect with.", 0, 3),
  hasPassword: boolean(),
  connectedAt: nullable(time),
  disconnectedAt: nullable(time),
  lastSeenAt: nullable(time),
  remoteAddress: nullable(string()),
  bootReason: nullable(string()),
  iccid: nullable(string()),
  imsi: nullable(string()),
  meterType: nullable(string()),
  meterSerialNumber: nullable(string()),
  allowExpiredCertificate: boolean("Whether it may come with a certificate that has expired."),
  certificateExpired: boolean("Whether its last client certificate had expired."),
  pinnedCertificate: nullable(string("The SHA-256 fingerprint of its client certificate.")),
  nextCertificate: nullable(string("The fingerprint of the one that is to follow.")),
  note: nullable(string()),
  automation: automationSchema,
};

/** The schema of a station. */
export const stationSchema = annotated(record(stationProperties), { title: "Station" });

/** A station as REST returns it. */
export type StationJson = Static<typeof stationSchema>;

/** A station, as JSON. */
export function stationJson(row: StationRow, { stations }: Configuration): StationJson {
  return {
    id: row.id,
    vendor: row.vendor,
    model: row.model,
    serialNumber: row.serial_number,
    firmwareVersion: row.firmware_version,
    status: row.status,
    errorCode: row.error_code,
    lastHeartbeatAt: isoTimeOrNull(row.last_heartbeat_at),
    lastBootAt: isoTimeOrNull(row.last_boot_at),
    heartbeatInterval: row.heartbeat_interval ?? stations.heartbeatInterval,
    connected: row.connected === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    registration: row.registration,
    booted: row.booted === 1,
    protocol: row.protocol,
    securityProfile: row.security_profile,
    hasPassword: row.password_hash !== null,
    connectedAt: isoTimeOrNull(row.connected_at),
    disconnectedAt: isoTimeOrNull(row.disconnected_at),
    lastSeenAt: isoTimeOrNull(row.last_seen_at),
    remoteAddress: row.remote_address,
    bootReason: row.boot_reason,
    iccid: row.iccid,
    imsi: row.imsi,
    meterType: row.meter_type,
    meterSerialNumber: row.meter_serial_number,
    allowExpiredCertificate: row.allow_expired_certificate === 1,
    certificateExpired: row.certificate_expired === 1,
    pinnedCertificate: row.pinned_certificate,
    nextCertificate: row.next_certificate,
    note: row.note,
    automation: readSwitches(row.automation),
  };
}

/** What an operator may say of a station, as the properties of a body. */
export const stationSettings = {
  registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]),
  heartbeatInterval: nullable(whole("Seconds between its heartbeats; null for the configured interval.", 1)),
  securityProfile: whole("The least security profile that it may connect with.", 0, 3),
  serialNumber: nullable(
    text("The serial number of its hardware, which its client certificate names; null where it is not known.", 255),
  ),
  booted: boolean(
    "Whether it is served as if a BootNotification of it had been accepted, for stations that do not boot anew; only an Accepted station can be.",
  ),
  allowExpiredCertificate: boolean(
    "Whether it is let in with a client certificate that has expired and is valid but for that; it is Pending until it shows a new one (A00.FR.429).",
  ),
  pinnedCertificate: nullable(
    text(
      "The SHA-256 fingerprint of the client certificate that it must show, where `webSocket.tls.pinning` is on; null to pin the next one that it shows.",
      95,
    ),
  ),
  nextCertificate: nullable(
    text(
      "The fingerprint of the certificate that takes its place as soon as the station shows it; until then both count.",
      95,
    ),
  ),
  note: nullable(text("Anything worth knowing.", 2_000, 0)),
  automation: automationSchema,
};

/**
 * A password of Basic authentication: from `stations.passwords.minLength` characters on, 40 in 2.0.1 and up to 64 where the
 * station takes that (A00.FR.205); 16 to 20 bytes in 1.6.
 */
export const passwordSchema = annotated(
  text("The password of Basic authentication, 16 characters or more; never told again.", 64),
  {
    writeOnly: true,
  },
);
