// Every handler of a CSMS of OCPP 1.6.
import { csms } from "@ocpp/core";
import { v16 } from "@ocpp/v16";

const now = "2026-01-01T00:00:00Z";

export const endpoint = csms(v16, {
  Authorize: () => ({ idTagInfo: { status: "Accepted" } }),
  BootNotification: () => ({ status: "Accepted", currentTime: now, interval: 1 }),
  DataTransfer: () => ({ status: "Accepted" }),
  DiagnosticsStatusNotification: () => ({}),
  FirmwareStatusNotification: () => ({}),
  Heartbeat: () => ({ currentTime: now }),
  LogStatusNotification: () => ({}),
  MeterValues: () => ({}),
  SecurityEventNotification: () => ({}),
  SignCertificate: () => ({ status: "Accepted" }),
  SignedFirmwareStatusNotification: () => ({}),
  StartTransaction: () => ({ idTagInfo: { status: "Accepted" }, transactionId: 1 }),
  StatusNotification: () => ({}),
  StopTransaction: () => ({}),
});
