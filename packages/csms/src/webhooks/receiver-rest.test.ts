import { manualClock } from "@ocpp/core";
import { expect, it } from "vitest";
import { createReceiverRest } from "./receiver-rest.ts";

it("lets single failures pass, and asks a receiver that fails throughout by one attempt at a time", async () => {
  const clock = manualClock();
  const rest = createReceiverRest(clock, 3);
  for (const delivered of [false, false, true, false, false]) rest.note(delivered, 0);
  expect(rest.allowed()).toBe(3);
  rest.note(false, 0);
  expect(rest.allowed()).toBe(0);
  await clock.advance(1_000);
  expect(rest.allowed()).toBe(1);
  rest.note(false, 0);
  await clock.advance(1_999);
  expect(rest.allowed()).toBe(0);
  await clock.advance(1);
  expect(rest.allowed()).toBe(1);
  rest.note(true, 0);
  expect(rest.allowed()).toBe(3);
});

it("leaves a receiver alone that asks for it, for a minute at most", async () => {
  const clock = manualClock();
  const rest = createReceiverRest(clock, 3);
  rest.note(false, 3_600_000);
  rest.note(true, 0);
  expect(rest.allowed()).toBe(0);
  await clock.advance(60_000);
  expect(rest.allowed()).toBe(3);
});
