import { OcppError, station } from "@ocpp/core";
import { type V16, v16 } from "@ocpp/v16";
import { aNumber, aTime } from "./pattern.ts";
import { type DemoStation, driver, type FollowUp, now } from "./station.ts";
import { type Step, stepsOf } from "./step.ts";

const steps = stepsOf<V16>();

/** A station of OCPP 1.6 with one connector. */
export function station16(followUp: FollowUp): DemoStation {
  let transactionId = 0;
  let meter = 1_200;
  let idTag = driver;

  const endpoint = station(
    v16,
    {
      RemoteStartTransaction: (request, context) => {
        idTag = request.idTag;
        context.afterResponse(followUp);
        return { status: "Accepted" };
      },
      RemoteStopTransaction: (request, context) => {
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

  const status = (value: "Available" | "Preparing" | "Charging" | "Finishing"): Step =>
    steps.station({
      action: "StatusNotification",
      detail: value,
      request: () => ({ connectorId: 1, errorCode: "NoError", status: value, timestamp: now() }),
      expected: {},
    });

  const start: readonly Step[] = [
    status("Preparing"),
    steps.station({
      action: "StartTransaction",
      request: () => ({ connectorId: 1, idTag, meterStart: meter, timestamp: now() }),
      expected: { idTagInfo: { status: "Accepted" }, transactionId: aNumber },
      keep: (response) => {
        transactionId = response.transactionId;
      },
    }),
    status("Charging"),
    steps.station({
      action: "MeterValues",
      request: () => {
        meter += 5_500;
        const energy = { value: String(meter), measurand: "Energy.Active.Import.Register", unit: "Wh" } as const;
        const power = { value: "11000", measurand: "Power.Active.Import", unit: "W" } as const;
        return { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue: [energy, power] }] };
      },
      expected: {},
    }),
  ];

  const stop = (reason: "Local" | "Remote"): readonly Step[] => [
    status("Finishing"),
    steps.station({
      action: "StopTransaction",
      detail: reason,
      request: () => ({ transactionId, idTag, meterStop: meter, timestamp: now(), reason }),
      expected: { idTagInfo: { status: "Accepted" } },
    }),
    status("Available"),
  ];

  return {
    version: "1.6",
    identity: "alder",
    password: "correct-horse-16",
    endpoint,
    scenarios: [
      {
        title: "local charge",
        steps: [
          steps.station({
            action: "BootNotification",
            request: () => ({ chargePointVendor: "Woodland", chargePointModel: "Alder", firmwareVersion: "1.6.4" }),
            expected: { status: "Accepted", currentTime: aTime, interval: 300 },
          }),
          status("Available"),
          steps.station({
            action: "Authorize",
            request: () => ({ idTag: driver }),
            expected: { idTagInfo: { status: "Accepted" } },
          }),
          ...start,
          ...stop("Local"),
        ],
      },
      {
        title: "remote charge",
        steps: [
          steps.csms({
            action: "RemoteStartTransaction",
            request: () => ({ connectorId: 1, idTag: driver }),
            expected: { status: "Accepted" },
            followed: start,
          }),
          steps.csms({
            action: "RemoteStopTransaction",
            request: () => ({ transactionId }),
            expected: { status: "Accepted" },
            followed: stop("Remote"),
          }),
        ],
      },
    ],
  };
}
