// Every handler of a CSMS of OCPP 2.1.
import { csms } from "@ocpp/core";
import { v21 } from "@ocpp/v21";

const now = "2026-01-01T00:00:00Z";

export const endpoint = csms(v21, {
  Authorize: () => ({ idTokenInfo: { status: "Accepted" } }),
  BatterySwap: () => ({}),
  BootNotification: () => ({ currentTime: now, interval: 1, status: "Accepted" }),
  ClearedChargingLimit: () => ({}),
  ClosePeriodicEventStream: () => ({}),
  DataTransfer: () => ({ status: "Accepted" }),
  FirmwareStatusNotification: () => ({}),
  Get15118EVCertificate: () => ({ status: "Accepted", exiResponse: "x" }),
  GetCertificateChainStatus: () => ({
    certificateStatus: [
      {
        source: "CRL",
        status: "Good",
        nextUpdate: now,
        certificateHashData: { hashAlgorithm: "SHA256", issuerNameHash: "x", issuerKeyHash: "x", serialNumber: "x" },
      },
    ],
  }),
  GetCertificateStatus: () => ({ status: "Accepted" }),
  Heartbeat: () => ({ currentTime: now }),
  LogStatusNotification: () => ({}),
  MeterValues: () => ({}),
  NotifyChargingLimit: () => ({}),
  NotifyCustomerInformation: () => ({}),
  NotifyDERAlarm: () => ({}),
  NotifyDERStartStop: () => ({}),
  NotifyDisplayMessages: () => ({}),
  NotifyEVChargingNeeds: () => ({ status: "Accepted" }),
  NotifyEVChargingSchedule: () => ({ status: "Accepted" }),
  NotifyEvent: () => ({}),
  NotifyMonitoringReport: () => ({}),
  NotifyPeriodicEventStream: () => {},
  NotifyPriorityCharging: () => ({}),
  NotifyReport: () => ({}),
  NotifySettlement: () => ({}),
  OpenPeriodicEventStream: () => ({ status: "Accepted" }),
  PublishFirmwareStatusNotification: () => ({}),
  PullDynamicScheduleUpdate: () => ({ status: "Accepted" }),
  ReportChargingProfiles: () => ({}),
  ReportDERControl: () => ({}),
  ReservationStatusUpdate: () => ({}),
  SecurityEventNotification: () => ({}),
  SignCertificate: () => ({ status: "Accepted" }),
  StatusNotification: () => ({}),
  TransactionEvent: () => ({}),
  VatNumberValidation: () => ({ vatNumber: "x", status: "Accepted" }),
});
