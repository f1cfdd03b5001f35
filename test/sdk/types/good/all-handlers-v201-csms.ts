// Every handler of a CSMS of OCPP 2.0.1.
import { csms } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

const now = "2026-01-01T00:00:00Z";

export const endpoint = csms(v201, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BootNotification: () => ({ currentTime: now, interval: 1, status: "Accepted" }),
  ClearedChargingLimit: () => ({}),
  DataTransfer: () => ({ status: "Accepted" }),
  FirmwareStatusNotification: () => ({}),
  Get15118EVCertificate: () => ({ status: "Accepted", exiResponse: "x" }),
  GetCertificateStatus: () => ({ status: "Accepted" }),
  Heartbeat: () => ({ currentTime: now }),
  LogStatusNotification: () => ({}),
  MeterValues: () => ({}),
  NotifyChargingLimit: () => ({}),
  NotifyCustomerInformation: () => ({}),
  NotifyDisplayMessages: () => ({}),
  NotifyEVChargingNeeds: () => ({ status: "Accepted" }),
  NotifyEVChargingSchedule: () => ({ status: "Accepted" }),
  NotifyEvent: () => ({}),
  NotifyMonitoringReport: () => ({}),
  NotifyReport: () => ({}),
  PublishFirmwareStatusNotification: () => ({}),
  ReportChargingProfiles: () => ({}),
  ReservationStatusUpdate: () => ({}),
  SecurityEventNotification: () => ({}),
  SignCertificate: () => ({ status: "Accepted" }),
  StatusNotification: () => ({}),
  TransactionEvent: () => ({}),
});
