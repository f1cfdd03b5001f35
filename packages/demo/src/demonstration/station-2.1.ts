import { randomUUID } from "node:crypto";
import { OcppError, type RequestOf, station } from "@ocpp/core";
import { type V21, v21 } from "@ocpp/v21";
import { aTime } from "./pattern.ts";
import { type DemoStation, driver, type FollowUp, now } from "./station.ts";
import { type Step, stepsOf } from "./step.ts";

const steps = stepsOf<V21>();
type TransactionEvent = RequestOf<V21, "TransactionEvent">;

/** The id of the monitor that the CSMS sets, and of the stream that the station opens for it. */
const [monitor, streamId] = [4, 1];
const details = { LimitSet: "limit", ChargingStateChanged: "Charging", MeterValuePeriodic: "meter" } as const;
const watched = { component: { name: "EVSE", evse: { id: 1 } }, variable: { name: "Power" } } as const;

/** A station of OCPP 2.1 with one EVSE and one connector, which streams its power while it charges. */
export function station21(followUp: FollowUp): DemoStation {
  let transactionId = "";
  let remoteStartId: number | undefined;
  let seqNo = 0;
  let meter = 1_200;
  let limit: TransactionEvent["transactionInfo"]["transactionLimit"];
  let stream: RequestOf<V21, "OpenPeriodicEventStream">["constantStreamData"]["params"] = {};
  const idToken = { idToken: driver, type: "ISO14443" } as const;

  const endpoint = station(
    v21,
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
      SetVariableMonitoring: ({ setMonitoringData }, context) => {
        context.afterResponse(followUp);
        return {
          setMonitoringResult: setMonitoringData.map(({ type, severity, component, variable, periodicEventStream }) => {
            stream = periodicEventStream ?? {};
            return { id: monitor, status: "Accepted", type, severity, component, variable };
          }),
        };
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
          transactionInfo: {
            transactionId,
            chargingState: "EVConnected",
            operationMode: "ChargingOnly",
            remoteStartId,
          },
          evse: { id: 1, connectorId: 1 },
          idToken,
          meterValue: reading("Transaction.Begin"),
        };
      },
      expected: { idTokenInfo: { status: "Accepted" }, transactionLimit: { maxEnergy: 20_000 } },
      keep: (response) => {
        limit = response.transactionLimit;
      },
    }),
    update("LimitSet"),
    update("ChargingStateChanged"),
    update("MeterValuePeriodic"),
  ];

  const update = (triggerReason: "LimitSet" | "ChargingStateChanged" | "MeterValuePeriodic"): Step =>
    steps.station({
      action: "TransactionEvent",
      detail: `Updated, ${details[triggerReason]}`,
      request: () => {
        seqNo += 1;
        const event = { eventType: "Updated", triggerReason, seqNo, timestamp: now() } as const;
        if (triggerReason === "LimitSet")
          return { ...event, transactionInfo: { transactionId, transactionLimit: limit } };
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

  // The CSMS asks for a stream with its monitor; the station opens the stream and then sends without being answered.
  const openStream = steps.csms({
    action: "SetVariableMonitoring",
    detail: "Power",
    request: () => {
      const periodicEventStream = { interval: 10, values: 2 };
      return { setMonitoringData: [{ value: 5, type: "Periodic", severity: 8, periodicEventStream, ...watched }] };
    },
    expected: {
      setMonitoringResult: [{ id: monitor, status: "Accepted", type: "Periodic", severity: 8, ...watched }],
    },
    followed: [
      steps.station({
        action: "OpenPeriodicEventStream",
        request: () => ({ constantStreamData: { id: streamId, variableMonitoringId: monitor, params: stream } }),
        expected: { status: "Accepted" },
      }),
    ],
  });
  const data = [
    { t: 0, v: "10950" },
    { t: 5, v: "11020" },
  ];
  const notifyStream = steps.send({
    action: "NotifyPeriodicEventStream",
    detail: "Power",
    request: () => ({ id: streamId, pending: 0, basetime: now(), data }),
    expected: { id: streamId, pending: 0, basetime: aTime, data },
  });
  const closeStream = steps.station({
    action: "ClosePeriodicEventStream",
    request: () => ({ id: streamId }),
    expected: {},
  });

  return {
    version: "2.1",
    identity: "cedar",
    password: "correct-horse-21",
    endpoint,
    scenarios: [
      {
        title: "local charge",
        steps: [
          steps.station({
            action: "BootNotification",
            request: () => ({ reason: "PowerUp", chargingStation: { vendorName: "Woodland", model: "Cedar" } }),
            expected: { status: "Accepted", currentTime: aTime, interval: 300 },
          }),
          status("Available"),
          openStream,
          steps.station({
            action: "Authorize",
            request: () => ({ idToken }),
            expected: { idTokenInfo: { status: "Accepted" } },
          }),
          ...start("Authorized"),
          notifyStream,
          ...stop("Local"),
          closeStream,
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
