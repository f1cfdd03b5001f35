/** What the benches of calls send: what a station says most, in the proportions of a charging session. */

const now = "2026-01-01T12:00:00.000Z";

function sampled(measurand: string, value: number): object {
  return {
    value,
    measurand,
    context: "Sample.Periodic",
    location: "Outlet",
    unitOfMeasure: { unit: "W", multiplier: 0 },
  };
}

/** Action, request and response, in turns. */
export const traffic = [
  ["Heartbeat", {}, { currentTime: now }],
  [
    "TransactionEvent",
    {
      eventType: "Updated",
      timestamp: now,
      triggerReason: "MeterValuePeriodic",
      seqNo: 17,
      transactionInfo: { transactionId: "5b6e5f1c-6f0a-4d2e-8a8e-6f1f0a4d2e8a", chargingState: "Charging" },
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: "04A2B3C4D5E6F7", type: "ISO14443" },
      meterValue: [
        {
          timestamp: now,
          sampledValue: [
            sampled("Energy.Active.Import.Register", 12345.6),
            sampled("Power.Active.Import", 7360.5),
            sampled("Current.Import", 16),
          ],
        },
      ],
    },
    { idTokenInfo: { status: "Accepted" } },
  ],
  ["StatusNotification", { timestamp: now, connectorStatus: "Occupied", evseId: 1, connectorId: 1 }, {}],
  [
    "BootNotification",
    {
      reason: "PowerUp",
      chargingStation: { model: "M1", vendorName: "Acme", serialNumber: "A-0001", firmwareVersion: "1.2.3" },
    },
    { status: "Accepted", currentTime: now, interval: 300 },
  ],
] as const;

/** The response of an action. */
export const responseOf: Readonly<Record<string, object>> = Object.fromEntries(
  traffic.map(([action, , response]) => [action, response]),
);
