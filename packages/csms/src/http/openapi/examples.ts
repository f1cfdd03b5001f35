/** Payloads to begin with, by action and version, for the actions that are tried first. */
export const callExamples: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  CancelReservation: { v16: { reservationId: 1 }, v201: { reservationId: 1 }, v21: { reservationId: 1 } },
  ChangeAvailability: {
    v16: { connectorId: 1, type: "Inoperative" },
    v201: { operationalStatus: "Inoperative", evse: { id: 1 } },
    v21: { operationalStatus: "Inoperative", evse: { id: 1 } },
  },
  ChangeConfiguration: { v16: { key: "HeartbeatInterval", value: "60" } },
  ClearCache: { v16: {}, v201: {}, v21: {} },
  DataTransfer: {
    v16: { vendorId: "com.example", messageId: "Ping", data: "hello" },
    v201: { vendorId: "com.example", messageId: "Ping", data: { text: "hello" } },
    v21: { vendorId: "com.example", messageId: "Ping", data: { text: "hello" } },
  },
  GetBaseReport: {
    v201: { requestId: 1, reportBase: "FullInventory" },
    v21: { requestId: 1, reportBase: "FullInventory" },
  },
  GetConfiguration: { v16: { key: ["HeartbeatInterval"] } },
  GetDiagnostics: { v16: { location: "ftp://example.com/diagnostics", retries: 3 } },
  GetVariables: {
    v201: { getVariableData: [{ component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" } }] },
    v21: { getVariableData: [{ component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" } }] },
  },
  RemoteStartTransaction: { v16: { connectorId: 1, idTag: "RFID123" } },
  RemoteStopTransaction: { v16: { transactionId: 1 } },
  RequestStartTransaction: {
    v201: { remoteStartId: 1, evseId: 1, idToken: { idToken: "RFID123", type: "ISO14443" } },
    v21: { remoteStartId: 1, evseId: 1, idToken: { idToken: "RFID123", type: "ISO14443" } },
  },
  RequestStopTransaction: { v201: { transactionId: "ABC-1" }, v21: { transactionId: "ABC-1" } },
  Reset: { v16: { type: "Soft" }, v201: { type: "OnIdle" }, v21: { type: "OnIdle" } },
  SetVariables: {
    v201: {
      setVariableData: [
        { component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" }, attributeValue: "60" },
      ],
    },
    v21: {
      setVariableData: [
        { component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" }, attributeValue: "60" },
      ],
    },
  },
  TriggerMessage: {
    v16: { requestedMessage: "StatusNotification", connectorId: 1 },
    v201: { requestedMessage: "StatusNotification", evse: { id: 1, connectorId: 1 } },
    v21: { requestedMessage: "StatusNotification", evse: { id: 1, connectorId: 1 } },
  },
  UnlockConnector: { v16: { connectorId: 1 }, v201: { evseId: 1, connectorId: 1 }, v21: { evseId: 1, connectorId: 1 } },
};
