import { getEventListeners } from "node:events";
import { systemClock } from "@ocpp/core";
import { expect, it } from "vitest";
import { keptLog } from "../operation/kept-log.fixture.ts";
import type { Operations } from "../services/operations.ts";
import { askStations } from "./station-round.ts";

const accepted = { accepted: true, status: "Accepted", response: {}, commandId: "" };
const options = { by: "test", spacing: 0 };

function servicesWith(triggerMessage: Operations["triggerMessage"]) {
  return { operations: { triggerMessage } as Operations, clock: systemClock, log: keptLog() };
}

it("leaves no listener behind at a signal that outlives it", async () => {
  const { signal } = new AbortController();
  const services = servicesWith(() => Promise.resolve(accepted));
  const questions = new Map([["A", [{ message: "Heartbeat" }, { message: "MeterValues" }]]]);
  for (let round = 0; round < 3; round += 1) {
    expect(await askStations(services, questions, { ...options, signal })).toEqual({ asked: 2, accepted: 2 });
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("waits for nobody who does not answer, once it is told to stop", async () => {
  const controller = new AbortController();
  const services = servicesWith(() => new Promise(() => {}));
  const round = askStations(services, new Map([["A", [{ message: "Heartbeat" }]]]), {
    ...options,
    signal: controller.signal,
  });
  controller.abort();
  expect(await round).toEqual({ asked: 1, accepted: 0 });
});

it("counts who refuses as asked, and goes on to the next", async () => {
  const { signal } = new AbortController();
  const services = servicesWith((stationId) =>
    stationId === "A" ? Promise.reject(new Error("away")) : Promise.resolve(accepted),
  );
  const one = [{ message: "Heartbeat" }];
  const questions = new Map([
    ["A", one],
    ["B", one],
  ]);
  expect(await askStations(services, questions, { ...options, signal })).toEqual({ asked: 2, accepted: 1 });
});
