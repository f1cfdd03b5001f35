import { manualClock } from "@ocpp/core";
import { expect, it } from "vitest";
import { createPinThrottle } from "./pin-throttle.ts";

it("looks at no key code for a second after the fourth wrong one, and twice as long after each further one (C04.FR.06)", async () => {
  const clock = manualClock();
  const guard = createPinThrottle(clock);
  for (let count = 1; count <= 3; count += 1) {
    guard.note("CS001", false);
    expect(guard.admits("CS001")).toBe(true);
  }
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    guard.note("CS001", false);
    await clock.advance(seconds * 1_000 - 1);
    expect(guard.admits("CS001")).toBe(false);
    expect(guard.admits("CS002")).toBe(true);
    await clock.advance(1);
    expect(guard.admits("CS001")).toBe(true);
  }
});

it("forgets the wrong key codes with a right one", () => {
  const guard = createPinThrottle(manualClock());
  for (let count = 1; count <= 3; count += 1) guard.note("CS001", false);
  guard.note("CS001", true);
  for (let count = 1; count <= 3; count += 1) guard.note("CS001", false);
  expect(guard.admits("CS001")).toBe(true);
});
