import { randomUUID } from "node:crypto";
import { OcppError, type RequestOf, station } from "@ocpp/core";
import { type V201, v201 } from "@ocpp/v201";
import { aTime } from "./pattern.ts";
import { type DemoStation, driver, type FollowUp, now } from "./station.ts";
import { type Step, stepsOf } from "./step.ts";

const steps = stepsOf<V201>();
type TransactionEvent = RequestOf<V201, "TransactionEvent">;

/** A station of OCPP 2.0.1 with one EVSE and one connector. */
export function station201(followUp: FollowUp): DemoStation {
  let transactionId = "";
  let remoteStartId: number | undefined;
  let seqNo = 0;
  let meter = 1_200;
  const idToken = { idToken: driver, type: "ISO14443" } as const;

  const endpoint = station(
    v201,
    {
      RequestStartTransaction: (request, context) => {
        remoteStartId = request.remoteStartId;
        context.afterResponse(followUp);
        return { status: "Accepted" };
      },
      RequestStopTransaction: (request, context) => {
        if (request.transactionId !== transactionId) return { status: "Rejected" };
        context.afterResponse(followUp);
        return { status: "Accepted" };
      },
    },
    {
      fallback: (action) => {
        throw new OcppError("NotSupported", `${action} is not part of the demonstration`);
      },
    },
  );

  const status = (connectorStatus: "Available" | "Occupied"): Step =>
    steps.station({
      action: "StatusNotification",
      detail: connectorStatus,
      request: () => ({ connectorStatus, evseId: 1, connectorId: 1, timestamp: now() }),
      expected: {},
    });

  const reading = (
    context: "Transaction.Begin" | "Sample.Periodic" | "Transaction.End",
  ): TransactionEvent["meterValue"] => {
    const measurand = "Energy.Active.Import.Register";
    return [{ timestamp: now(), sampledValue: [{ value: meter, context, measurand, unitOfMeasure: { unit: "Wh" } }] }];
  };

  const start = (triggerReason: "Authorized" | "RemoteStart"): readonly Step[] => [
    status("Occupied"),
    steps.station({
      action: "TransactionEvent",
      detail: "Started",
      request: () => {
        transactionId = randomUUID();
        seqNo = 0;
        return {
          eventType: "Started",
          triggerReason,
          seqNo,
          timestamp: now(),
          transactionInfo: { transactionId, chargingState: "EVConnected", remoteStartId },
          evse: { id: 1, connectorId: 1 },
          idToken,
          meterValue: reading("Transaction.Begin"),
        };
      },
      expected: { idTokenInfo: { status: "Accepted" } },
    }),
    update("ChargingStateChanged"),
    update("MeterValuePeriodic"),
  ];

  const update = (triggerReason: "ChargingStateChanged" | "MeterValuePeriodic"): Step =>
    steps.station({
      action: "TransactionEvent",
      detail: triggerReason === "MeterValuePeriodic" ? "Updated, meter" : "Updated, Charging",
      request: () => {
        seqNo += 1;
        const event = { eventType: "Updated", triggerReason, seqNo, timestamp: now() } as const;
        const transactionInfo = { transactionId, chargingState: "Charging" } as const;
        if (triggerReason === "ChargingStateChanged") return { ...event, transactionInfo };
        meter += 5_500;
        return { ...event, transactionInfo, meterValue: reading("Sample.Periodic") };
      },
      expected: {},
    });

  const stop = (stoppedReason: "Local" | "Remote"): readonly Step[] => [
    steps.station({
      action: "TransactionEvent",
      detail: `Ended, ${stoppedReason}`,
      request: () => {
        seqNo += 1;
        return {
          eventType: "Ended",
          triggerReason: stoppedReason === "Local" ? "StopAuthorized" : "RemoteStop",
          seqNo,
          timestamp: now(),
          transactionInfo: { transactionId, chargingState: "EVConnected", stoppedReason, timeSpentCharging: 1800 },
          idToken: stoppedReason === "Local" ? idToken : undefined,
          meterValue: reading("Transaction.End"),
        };
      },
      expected:
        stoppedReason === "Local" ? { totalCost: 2.75, idTokenInfo: { status: "Accepted" } } : { totalCost: 2.75 },
    }),
    status("Available"),
  ];

  return {
    version: "2.0.1",
    identity: "birch",
    password: "correct-horse-201",
    endpoint,
    scenarios: [
      {
        title: "local charge",
        steps: [
          steps.station({
            action: "BootNotification",
            request: () => ({ reason: "PowerUp", chargingStation: { vendorName: "Woodland", model: "Birch" } }),
            expected: { status: "Accepted", currentTime: aTime, interval: 300 },
          }),
          status("Available"),
          steps.station({
            action: "Authorize",
            request: () => ({ idToken }),
            expected: { idTokenInfo: { status: "Accepted" } },
          }),
          ...start("Authorized"),
          ...stop("Local"),
        ],
      },
      {
        title: "remote charge",
        steps: [
          steps.csms({
            action: "RequestStartTransaction",
            request: () => ({ idToken, remoteStartId: 77, evseId: 1 }),
            expected: { status: "Accepted" },
            followed: start("RemoteStart"),
          }),
          steps.csms({
            action: "RequestStopTransaction",
            request: () => ({ transactionId }),
            expected: { status: "Accepted" },
            followed: stop("Remote"),
          }),
        ],
      },
    ],
  };
}
