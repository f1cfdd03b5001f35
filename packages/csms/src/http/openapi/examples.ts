/** Payloads to begin with, by version. */
type Examples = Readonly<Partial<Record<"v16" | "v201" | "v21", object>>>;

/** The same payload in 2.0.1 and 2.1. */
const both = (payload: object): Examples => ({ v201: payload, v21: payload });
/** The same payload in all versions. */
const all = (payload: object): Examples => ({ v16: payload, ...both(payload) });

const from = "2026-01-01T00:00:00Z";
const firmware = { location: "https://example.com/firmware.bin", retrieveDateTime: from };
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----";
const certificateHash = {
  hashAlgorithm: "SHA256",
  issuerNameHash: "62f6b4b9bb8f9a0d7dc6b3ba46d0c9a9",
  issuerKeyHash: "9f1b0e3c5a7d4f6a8b2c1d0e9f8a7b6c",
  serialNumber: "0A1B2C",
};
const periods16 = [{ startPeriod: 0, limit: 16 }];
const schedule2x = { id: 1, chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };
const profile2x = {
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose: "TxDefaultProfile",
  chargingProfileKind: "Relative",
  chargingSchedule: [schedule2x],
};
const rfid = { idToken: "RFID123", type: "ISO14443" };
const heartbeat = { component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" } };
const message = { format: "UTF8", language: "en", content: "Out of service on Sunday" };
const tariff = { tariffId: "T1", currency: "EUR", energy: { prices: [{ priceKwh: 0.45 }] } };

/** Payloads to begin with, by action and version: each fits its schema and the rules of commands. */
export const callExamples: Readonly<Record<string, Examples>> = {
  AFRRSignal: { v21: { timestamp: from, signal: 1 } },
  AdjustPeriodicEventStream: { v21: { id: 1, params: { interval: 60, values: 10 } } },
  CancelReservation: all({ reservationId: 1 }),
  CertificateSigned: { v16: { certificateChain: certificate }, ...both({ certificateChain: certificate }) },
  ChangeAvailability: {
    v16: { connectorId: 1, type: "Inoperative" },
    ...both({ operationalStatus: "Inoperative", evse: { id: 1 } }),
  },
  ChangeConfiguration: { v16: { key: "HeartbeatInterval", value: "60" } },
  ChangeTransactionTariff: { v21: { transactionId: "ABC-1", tariff } },
  ClearCache: all({}),
  ClearChargingProfile: { v16: { id: 1 }, ...both({ chargingProfileId: 1 }) },
  ClearDERControl: { v21: { isDefault: false, controlType: "LimitMaxDischarge" } },
  ClearDisplayMessage: both({ id: 1 }),
  ClearTariffs: { v21: { tariffIds: ["T1"], evseId: 1 } },
  ClearVariableMonitoring: both({ id: [1] }),
  CostUpdated: both({ totalCost: 4.5, transactionId: "ABC-1" }),
  CustomerInformation: both({ requestId: 1, report: true, clear: false, idToken: rfid }),
  DataTransfer: {
    v16: { vendorId: "com.example", messageId: "Ping", data: "hello" },
    ...both({ vendorId: "com.example", messageId: "Ping", data: { text: "hello" } }),
  },
  DeleteCertificate: all({ certificateHashData: certificateHash }),
  ExtendedTriggerMessage: { v16: { requestedMessage: "SignChargePointCertificate" } },
  GetBaseReport: both({ requestId: 1, reportBase: "FullInventory" }),
  GetChargingProfiles: both({ requestId: 1, chargingProfile: { chargingProfilePurpose: "TxDefaultProfile" } }),
  GetCompositeSchedule: { v16: { connectorId: 1, duration: 3_600 }, ...both({ evseId: 1, duration: 3_600 }) },
  GetConfiguration: { v16: { key: ["HeartbeatInterval"] } },
  GetDERControl: { v21: { requestId: 1, isDefault: false } },
  GetDiagnostics: { v16: { location: "ftp://example.com/diagnostics", retries: 3 } },
  GetDisplayMessages: both({ requestId: 1 }),
  GetInstalledCertificateIds: {
    v16: { certificateType: "CentralSystemRootCertificate" },
    ...both({ certificateType: ["CSMSRootCertificate"] }),
  },
  GetLocalListVersion: all({}),
  GetLog: all({ logType: "DiagnosticsLog", requestId: 1, log: { remoteLocation: "https://example.com/logs" } }),
  GetMonitoringReport: both({ requestId: 1, monitoringCriteria: ["ThresholdMonitoring"] }),
  GetPeriodicEventStream: { v21: {} },
  GetReport: both({ requestId: 1, componentVariable: [heartbeat] }),
  GetTariffs: { v21: { evseId: 1 } },
  GetTransactionStatus: both({ transactionId: "ABC-1" }),
  GetVariables: both({ getVariableData: [heartbeat] }),
  InstallCertificate: {
    v16: { certificateType: "CentralSystemRootCertificate", certificate },
    ...both({ certificateType: "CSMSRootCertificate", certificate }),
  },
  NotifyAllowedEnergyTransfer: { v21: { transactionId: "ABC-1", allowedEnergyTransfer: ["DC", "DC_BPT"] } },
  NotifyWebPaymentStarted: { v21: { evseId: 1, timeout: 120 } },
  PublishFirmware: both({
    location: "https://example.com/firmware.bin",
    checksum: "9e107d9d372bb6826bd81d3542a419d6",
    requestId: 1,
  }),
  RemoteStartTransaction: { v16: { connectorId: 1, idTag: "RFID123" } },
  RemoteStopTransaction: { v16: { transactionId: 1 } },
  RequestBatterySwap: { v21: { requestId: 1, idToken: rfid } },
  RequestStartTransaction: both({ remoteStartId: 1, evseId: 1, idToken: rfid }),
  RequestStopTransaction: both({ transactionId: "ABC-1" }),
  ReserveNow: {
    v16: { connectorId: 1, expiryDate: "2026-01-01T01:00:00Z", idTag: "RFID123", reservationId: 1 },
    ...both({ id: 1, expiryDateTime: "2026-01-01T01:00:00Z", idToken: rfid, evseId: 1 }),
  },
  Reset: { v16: { type: "Soft" }, ...both({ type: "OnIdle" }) },
  SendLocalList: {
    v16: {
      listVersion: 2,
      updateType: "Differential",
      localAuthorizationList: [{ idTag: "RFID123", idTagInfo: { status: "Accepted" } }],
    },
    ...both({
      versionNumber: 2,
      updateType: "Differential",
      localAuthorizationList: [{ idToken: rfid, idTokenInfo: { status: "Accepted" } }],
    }),
  },
  SetChargingProfile: {
    v16: {
      connectorId: 1,
      csChargingProfiles: {
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: "TxDefaultProfile",
        chargingProfileKind: "Relative",
        chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: periods16 },
      },
    },
    ...both({ evseId: 1, chargingProfile: profile2x }),
  },
  SetDERControl: {
    v21: {
      isDefault: false,
      controlId: "C1",
      controlType: "LimitMaxDischarge",
      limitMaxDischarge: { priority: 1, pctMaxDischargePower: 80 },
    },
  },
  SetDefaultTariff: { v21: { evseId: 0, tariff } },
  SetDisplayMessage: both({ message: { id: 1, priority: "NormalCycle", message } }),
  SetMonitoringBase: both({ monitoringBase: "FactoryDefault" }),
  SetMonitoringLevel: both({ severity: 5 }),
  SetNetworkProfile: {
    v201: {
      configurationSlot: 1,
      connectionData: {
        ocppVersion: "OCPP20",
        ocppTransport: "JSON",
        ocppCsmsUrl: "wss://csms.example.com/ocpp",
        messageTimeout: 30,
        securityProfile: 2,
        ocppInterface: "Wired0",
      },
    },
    v21: {
      configurationSlot: 1,
      connectionData: {
        ocppVersion: "OCPP21",
        ocppTransport: "JSON",
        ocppCsmsUrl: "wss://csms.example.com/ocpp",
        messageTimeout: 30,
        securityProfile: 2,
        ocppInterface: "Wired0",
      },
    },
  },
  SetVariableMonitoring: both({
    setMonitoringData: [
      {
        value: 80,
        type: "UpperThreshold",
        severity: 5,
        component: { name: "ChargingStation" },
        variable: { name: "Temperature" },
      },
    ],
  }),
  SetVariables: both({ setVariableData: [{ ...heartbeat, attributeValue: "60" }] }),
  SignedUpdateFirmware: {
    v16: { requestId: 1, firmware: { ...firmware, signingCertificate: certificate, signature: "MEUCIQD..." } },
  },
  TriggerMessage: {
    v16: { requestedMessage: "StatusNotification", connectorId: 1 },
    ...both({ requestedMessage: "StatusNotification", evse: { id: 1, connectorId: 1 } }),
  },
  UnlockConnector: { v16: { connectorId: 1 }, ...both({ evseId: 1, connectorId: 1 }) },
  UnpublishFirmware: both({ checksum: "9e107d9d372bb6826bd81d3542a419d6" }),
  UpdateDynamicSchedule: { v21: { chargingProfileId: 1, scheduleUpdate: { limit: 10 } } },
  UpdateFirmware: {
    v16: { location: "https://example.com/firmware.bin", retrieveDate: from },
    ...both({ requestId: 1, firmware }),
  },
  UsePriorityCharging: { v21: { transactionId: "ABC-1", activate: true } },
};
