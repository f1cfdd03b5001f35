import { type Clock, OcppError } from "@ocpp/core";
import type { Chore, Outcome } from "./gossip-protocol.ts";

/** Waits on a clock. */
export function after(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(resolve, milliseconds);
  });
}

function end(chore: Chore): Outcome {
  switch (chore.way) {
    case "refuse":
      throw new OcppError("SecurityError", chore.token);
    case "throw":
      throw new Error(`Secret of ${chore.token}`);
    case "invalid":
      return { token: 1 as unknown as string };
    default:
      return { token: chore.token };
  }
}

/** Does what a request asks: at once, after its time on the clock, or never. */
export function perform(chore: Chore, clock: Clock): Outcome | Promise<Outcome> {
  if (chore.way === "never") return new Promise(() => {});
  if (chore.work === 0) return end(chore);
  return after(clock, chore.work).then(() => end(chore));
}
