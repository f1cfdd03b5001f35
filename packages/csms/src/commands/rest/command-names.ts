/** The commands of go-ocpp-server that are given with POST only, by the last part of their path. */
export const commandNames: readonly string[] = [
  "remote-start",
  "remote-stop",
  "reset",
  "unlock-connector",
  "change-configuration",
  "clear-cache",
  "trigger-message",
  "generic",
  "force-stop",
];

/** The messages that ocpp16-go and go-ocpp-server can ask a station for: the MessageTrigger of 1.6 (§6.51). */
export const triggerNames = [
  "BootNotification",
  "DiagnosticsStatusNotification",
  "FirmwareStatusNotification",
  "Heartbeat",
  "MeterValues",
  "StatusNotification",
] as const;
