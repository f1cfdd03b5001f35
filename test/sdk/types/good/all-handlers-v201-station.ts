// Every handler of a station of OCPP 2.0.1.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";

export const endpoint = station(v201, {
  CancelReservation: () => ({ status: "Accepted" }),
  CertificateSigned: () => ({ status: "Accepted" }),
  ChangeAvailability: () => ({ status: "Accepted" }),
  ClearCache: () => ({ status: "Accepted" }),
  ClearChargingProfile: () => ({ status: "Accepted" }),
  ClearDisplayMessage: () => ({ status: "Accepted" }),
  ClearVariableMonitoring: () => ({ clearMonitoringResult: [{ status: "Accepted", id: 1 }] }),
  CostUpdated: () => ({}),
  CustomerInformation: () => ({ status: "Accepted" }),
  DataTransfer: () => ({ status: "Accepted" }),
  DeleteCertificate: () => ({ status: "Accepted" }),
  GetBaseReport: () => ({ status: "Accepted" }),
  GetChargingProfiles: () => ({ status: "Accepted" }),
  GetCompositeSchedule: () => ({ status: "Accepted" }),
  GetDisplayMessages: () => ({ status: "Accepted" }),
  GetInstalledCertificateIds: () => ({ status: "Accepted" }),
  GetLocalListVersion: () => ({ versionNumber: 1 }),
  GetLog: () => ({ status: "Accepted" }),
  GetMonitoringReport: () => ({ status: "Accepted" }),
  GetReport: () => ({ status: "Accepted" }),
  GetTransactionStatus: () => ({ messagesInQueue: false }),
  GetVariables: () => ({
    getVariableResult: [{ attributeStatus: "Accepted", component: { name: "x" }, variable: { name: "x" } }],
  }),
  InstallCertificate: () => ({ status: "Accepted" }),
  PublishFirmware: () => ({ status: "Accepted" }),
  RequestStartTransaction: () => ({ status: "Accepted" }),
  RequestStopTransaction: () => ({ status: "Accepted" }),
  ReserveNow: () => ({ status: "Accepted" }),
  Reset: () => ({ status: "Accepted" }),
  SendLocalList: () => ({ status: "Accepted" }),
  SetChargingProfile: () => ({ status: "Accepted" }),
  SetDisplayMessage: () => ({ status: "Accepted" }),
  SetMonitoringBase: () => ({ status: "Accepted" }),
  SetMonitoringLevel: () => ({ status: "Accepted" }),
  SetNetworkProfile: () => ({ status: "Accepted" }),
  SetVariableMonitoring: () => ({
    setMonitoringResult: [
      { status: "Accepted", type: "UpperThreshold", severity: 1, component: { name: "x" }, variable: { name: "x" } },
    ],
  }),
  SetVariables: () => ({
    setVariableResult: [{ attributeStatus: "Accepted", component: { name: "x" }, variable: { name: "x" } }],
  }),
  TriggerMessage: () => ({ status: "Accepted" }),
  UnlockConnector: () => ({ status: "Unlocked" }),
  UnpublishFirmware: () => ({ status: "DownloadOngoing" }),
  UpdateFirmware: () => ({ status: "Accepted" }),
});
