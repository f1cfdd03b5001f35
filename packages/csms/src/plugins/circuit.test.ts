import { manualClock } from "@ocpp/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createCircuit } from "./circuit.ts";

it("opens after so many failures in a row, rests, and closes for good with a success", async () => {
  const clock = manualClock();
  const circuit = createCircuit(clock, { failures: 3, rest: 1_000 });
  expect([circuit.failed(), circuit.failed(), circuit.closed]).toEqual([false, false, true]);
  expect([circuit.failed(), circuit.closed]).toEqual([true, false]);
  await clock.advance(999);
  expect(circuit.closed).toBe(false);
  await clock.advance(1);
  expect(circuit.closed).toBe(true);
  expect([circuit.failed(), circuit.closed]).toEqual([true, false]);
  await clock.advance(1_000);
  circuit.succeeded();
  expect([circuit.failed(), circuit.failed(), circuit.closed]).toEqual([false, false, true]);
});

it("is closed whenever fewer failures than it bears came in a row since it last rested", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("fail", "succeed", "wait")), async (steps) => {
      const clock = manualClock();
      const circuit = createCircuit(clock, { failures: 3, rest: 1_000 });
      let inRow = 0;
      let openUntil = 0;
      for (const step of steps) {
        if (step === "wait") await clock.advance(600);
        else if (circuit.closed) {
          inRow = step === "fail" ? inRow + 1 : 0;
          if (step === "fail") circuit.failed();
          else circuit.succeeded();
          if (inRow >= 3) openUntil = clock.now() + 1_000;
        }
        expect(circuit.closed).toBe(clock.now() >= openUntil);
      }
    }),
  );
});
