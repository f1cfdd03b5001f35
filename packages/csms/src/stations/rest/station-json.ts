import type { Configuration } from "../../config/configuration.ts";
import { choice, nullable, record, type Schema, stationId, text, time, whole } from "../../http/schema.ts";
import { isoTime, isoTimeOrNull } from "../../http/times.ts";
import type { StationRow } from "../../store/tables/stations.ts";
import { automations, readSwitches } from "../automation.ts";

/** The switches of a station for what is sent to it unasked. */
const automationSchema: Schema = {
  ...record(
    Object.fromEntries(
      ["all", ...automations].map((name) => [
        name,
        choice(name === "all" ? "All that are not named." : `As \`automation.${name}\` of the configuration.`, [
          "on",
          "off",
        ]),
      ]),
    ),
    ["all", ...automations],
  ),
  description:
    "What the CSMS sends to this station without being asked; what is left out is as the configuration says.",
};

/** The fields of a station as REST tells it: those of go-ocpp-server under their names, and ours. Passwords are never told. */
export const stationProperties: Readonly<Record<string, Schema>> = {
  id: stationId,
  model: { type: "string", description: "Empty until it has booted." },
  vendor: { type: "string", description: "Empty until it has booted." },
  serialNumber: { type: "string" },
  firmwareVersion: { type: "string" },
  status: {
    type: "string",
    description: "The status of the station as a whole (connector 0 of 1.6, EVSE 0 of 2.x).",
  },
  errorCode: { type: "string" },
  lastHeartbeat: nullable(time),
  lastBootNotification: nullable(time),
  heartbeatInterval: whole("Seconds that it is told to send heartbeats at.", 1),
  isConnected: { type: "boolean" },
  createdAt: time,
  updatedAt: time,
  registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]),
  booted: {
    type: "boolean",
    description: "Whether it is served: a BootNotification of it was accepted, or an operator has marked it so.",
  },
  protocol: nullable({ type: "string", description: "The subprotocol of its newest connection." }),
  securityProfile: whole("The least security profile that it may connect with.", 0, 3),
  hasPassword: { type: "boolean" },
  connectedAt: nullable(time),
  disconnectedAt: nullable(time),
  lastSeen: nullable(time),
  remoteAddress: nullable({ type: "string" }),
  bootReason: nullable({ type: "string" }),
  iccid: nullable({ type: "string" }),
  imsi: nullable({ type: "string" }),
  meterType: nullable({ type: "string" }),
  meterSerialNumber: nullable({ type: "string" }),
  allowExpiredCertificate: { type: "boolean", description: "Whether it may come with a certificate that has expired." },
  certificateExpired: { type: "boolean", description: "Whether its last client certificate had expired." },
  pinnedCertificate: nullable({ type: "string", description: "The SHA-256 fingerprint of its client certificate." }),
  nextCertificate: nullable({ type: "string", description: "The fingerprint of the one that is to follow." }),
  note: nullable({ type: "string" }),
  automation: automationSchema,
};

/** Those of its fields that are left out where there is nothing to tell, as go-ocpp-server does. */
export const stationOptional: readonly string[] = ["serialNumber", "firmwareVersion", "errorCode"];

/** A station as REST tells it. */
export const stationSchema: Schema = { title: "Station", ...record(stationProperties, stationOptional) };

/** A station, as JSON. */
export function stationJson(row: StationRow, { stations }: Configuration): Record<string, unknown> {
  return {
    id: row.id,
    model: row.model ?? "",
    vendor: row.vendor ?? "",
    ...(row.serial_number === null ? {} : { serialNumber: row.serial_number }),
    ...(row.firmware_version === null ? {} : { firmwareVersion: row.firmware_version }),
    status: row.status,
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    lastHeartbeat: isoTimeOrNull(row.last_heartbeat_at),
    lastBootNotification: isoTimeOrNull(row.last_boot_at),
    heartbeatInterval: row.heartbeat_interval ?? stations.heartbeatInterval,
    isConnected: row.connected === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    registration: row.registration,
    booted: row.booted === 1,
    protocol: row.protocol,
    securityProfile: row.security_profile,
    hasPassword: row.password_hash !== null,
    connectedAt: isoTimeOrNull(row.connected_at),
    disconnectedAt: isoTimeOrNull(row.disconnected_at),
    lastSeen: isoTimeOrNull(row.last_seen_at),
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
export const stationSettings: Readonly<Record<string, Schema>> = {
  registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]),
  heartbeatInterval: nullable(whole("Seconds between its heartbeats; null for the configured interval.", 1)),
  securityProfile: whole("The least security profile that it may connect with.", 0, 3),
  serialNumber: nullable(
    text("The serial number of its hardware, which its client certificate names; null where it is not known.", 255),
  ),
  booted: {
    type: "boolean",
    description:
      "Whether it is served as if a BootNotification of it had been accepted, for stations that do not boot anew; only an Accepted station can be.",
  },
  allowExpiredCertificate: {
    type: "boolean",
    description:
      "Whether it is let in with a client certificate that has expired and is valid but for that; it is Pending until it shows a new one (A00.FR.429).",
  },
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
export const passwordSchema: Schema = {
  ...text("The password of Basic authentication, 16 characters or more; never told again.", 64),
  writeOnly: true,
};
