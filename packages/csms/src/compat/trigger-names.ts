/** The messages that ocpp16-go and go-ocpp-server can ask a station for: the MessageTrigger of 1.6 (§6.51). */
export const triggerNames = [
  "BootNotification",
  "DiagnosticsStatusNotification",
  "FirmwareStatusNotification",
  "Heartbeat",
  "MeterValues",
  "StatusNotification",
] as const;
