import type { Configuration } from "../config/configuration.ts";
import type { StationRow } from "../store/tables.ts";
import { choice, nullable, record, type Schema, stationId, text, time, whole } from "./schema.ts";
import { isoTime, isoTimeOrNull } from "./times.ts";

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
  note: nullable({ type: "string" }),
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
    note: row.note,
  };
}

/** What an operator may say of a station, as the properties of a body. */
export const stationSettings: Readonly<Record<string, Schema>> = {
  registration: choice("What its boot is answered with.", ["Accepted", "Pending", "Rejected"]),
  heartbeatInterval: nullable(whole("Seconds between its heartbeats; null for the configured interval.", 1)),
  securityProfile: whole("The least security profile that it may connect with.", 0, 3),
  note: nullable(text("Anything worth knowing.", 2_000, 0)),
};

/** A password of Basic authentication: 16 to 40 characters in 2.x (A00.FR.205), 20 bytes in 1.6; older ones may be shorter. */
export const passwordSchema: Schema = {
  ...text("The password of Basic authentication; never told again.", 255),
  writeOnly: true,
};
