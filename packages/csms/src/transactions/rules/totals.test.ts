import { describe, expect, it } from "vitest";
import { newTransaction, type TransactionState } from "./state.ts";
import { energyOf, meterStart, meterStop, remarksOf } from "./totals.ts";

const running = { ...newTransaction(0), startedAt: 0 };
const ended = { ...running, complete: true, stoppedAt: 0 };
const closed = { ...ended, provisional: true };

describe("the totals of a transaction", () => {
  it.each<[string, TransactionState, number | null, boolean]>([
    ["that runs", { ...running, begin: 1, end: 9, highest: 8 }, null, false],
    ["that ended with a register", { ...ended, begin: 1, end: 9, highest: 8, assumedEnd: 7 }, 9, false],
    ["that ended without one, after readings", { ...ended, begin: 1, highest: 8, assumedEnd: 7 }, 8, true],
    ["that ended without one, after an operator had said it", { ...ended, begin: 1, assumedEnd: 7 }, 7, false],
    ["that ended without any", { ...ended, begin: 1 }, 1, true],
    ["of which nothing is known", ended, null, false],
    ["that an operator closed", { ...closed, begin: 1, end: null, highest: 8, assumedEnd: 7 }, 7, false],
    ["that was closed after readings", { ...closed, begin: 1, highest: 8 }, 8, true],
    ["that was closed after its end was read", { ...closed, begin: 1, end: 9, highest: 8 }, 9, false],
    ["that was closed without readings", { ...closed, begin: 1 }, 1, true],
  ])("%s", (_which, state, stop, estimated) => {
    expect(meterStop(state)).toBe(stop);
    expect(remarksOf(state).includes("meter-stop-estimated")).toBe(estimated);
  });

  it("start with what was said, or the lowest that was read", () => {
    const read = { ...running, lowest: 5 };
    expect([meterStart(running), meterStart(read), meterStart({ ...read, begin: 6 })]).toEqual([null, 5, 6]);
    expect([remarksOf(running), remarksOf(read), remarksOf({ ...read, begin: 6 })]).toEqual([
      [],
      ["meter-start-estimated"],
      [],
    ]);
  });

  it("may end in the moment, and with the register, that they started with", () => {
    expect(remarksOf({ ...ended, begin: 1, end: 1 })).toEqual([]);
    expect(remarksOf({ ...ended, startedAt: 1, begin: 2, end: 1 })).toEqual(["meter-below-start", "stop-before-start"]);
    expect(remarksOf({ ...ended, startedAt: null })).toEqual(["started-unseen"]);
  });

  it("have the energy between the registers, and none that is negative", () => {
    expect(energyOf({ meterStart: 1000.1, meterStop: 1500.3, register: 9999 })).toBe(500.2);
    expect(energyOf({ meterStart: 1000, meterStop: null, register: 1200 })).toBe(200);
    expect(energyOf({ meterStart: 1000, meterStop: 900, register: null })).toBe(0);
    expect(energyOf({ meterStart: null, meterStop: 900, register: null })).toBeUndefined();
    expect(energyOf({ meterStart: 5, meterStop: null, register: null })).toBeUndefined();
  });
});
