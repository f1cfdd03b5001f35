// Every handler of a station of OCPP 1.6.
import { station } from "@ocpp/core";
import { v16 } from "@ocpp/v16";

export const endpoint = station(v16, {
  CancelReservation: () => ({ status: "Accepted" }),
  CertificateSigned: () => ({ status: "Accepted" }),
  ChangeAvailability: () => ({ status: "Accepted" }),
  ChangeConfiguration: () => ({ status: "Accepted" }),
  ClearCache: () => ({ status: "Accepted" }),
  ClearChargingProfile: () => ({ status: "Accepted" }),
  DataTransfer: () => ({ status: "Accepted" }),
  DeleteCertificate: () => ({ status: "Accepted" }),
  ExtendedTriggerMessage: () => ({ status: "Accepted" }),
  GetCompositeSchedule: () => ({ status: "Accepted" }),
  GetConfiguration: () => ({}),
  GetDiagnostics: () => ({}),
  GetInstalledCertificateIds: () => ({ status: "Accepted" }),
  GetLocalListVersion: () => ({ listVersion: 1 }),
  GetLog: () => ({ status: "Accepted" }),
  InstallCertificate: () => ({ status: "Accepted" }),
  RemoteStartTransaction: () => ({ status: "Accepted" }),
  RemoteStopTransaction: () => ({ status: "Accepted" }),
  ReserveNow: () => ({ status: "Accepted" }),
  Reset: () => ({ status: "Accepted" }),
  SendLocalList: () => ({ status: "Accepted" }),
  SetChargingProfile: () => ({ status: "Accepted" }),
  SignedUpdateFirmware: () => ({ status: "Accepted" }),
  TriggerMessage: () => ({ status: "Accepted" }),
  UnlockConnector: () => ({ status: "Unlocked" }),
  UpdateFirmware: () => ({}),
});
