import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EnergyFacts, energyWithin } from "./energy-report.ts";

const hour = 3_600_000;

describe("energyWithin", () => {
  const linear: EnergyFacts = { startedAt: 0, stoppedAt: 10 * hour, meterStart: 500, meterStop: 10_500, readings: [] };

  it("goes straight from start to stop without readings", () => {
    expect(energyWithin(linear, 0, 10 * hour)).toBe(10_000);
    expect(energyWithin(linear, 0, hour)).toBe(1000);
    expect(energyWithin(linear, 9 * hour, 99 * hour)).toBe(1000);
    expect(energyWithin(linear, -hour, 0)).toBe(0);
    expect(energyWithin(linear, 10 * hour, 11 * hour)).toBe(0);
    expect(energyWithin(linear, 2 * hour, hour)).toBe(0);
  });

  it("goes by the readings where there are any", () => {
    const facts = {
      ...linear,
      readings: [
        { at: 2 * hour, register: 9500 },
        { at: hour, register: 500 },
      ],
    };
    expect(energyWithin(facts, 0, hour)).toBe(0);
    expect(energyWithin(facts, hour, 2 * hour)).toBe(9000);
    expect(energyWithin(facts, 2 * hour, 10 * hour)).toBe(1000);
  });

  it("counts a running transaction to its newest reading", () => {
    const facts = { ...linear, stoppedAt: null, meterStop: null, readings: [{ at: hour, register: 1500 }] };
    expect(energyWithin(facts, 0, 100 * hour)).toBe(1000);
    expect(energyWithin({ ...facts, readings: [] }, 0, 100 * hour)).toBe(0);
  });

  it("begins at the first reading where the start is not known", () => {
    expect(energyWithin({ ...linear, meterStart: null, readings: [{ at: hour, register: 700 }] }, 0, 99 * hour)).toBe(
      9800,
    );
    expect(energyWithin({ ...linear, meterStart: null }, 0, 99 * hour)).toBe(0);
  });

  it("counts the energy of a moment in the window that the moment is in", () => {
    const moment = { ...linear, startedAt: hour, stoppedAt: 0 };
    expect(energyWithin(moment, 0, hour)).toBe(0);
    expect(energyWithin(moment, hour, 2 * hour)).toBe(10_000);
  });

  it("counts readings at the very start and end, and none beyond", () => {
    const readings = [
      { at: -hour, register: 9000 },
      { at: 0, register: 2500 },
      { at: 10 * hour, register: 4500 },
      { at: 11 * hour, register: 9000 },
    ];
    const facts = { ...linear, meterStop: null, readings };
    expect(energyWithin(facts, 0, 1)).toBe(2000);
    expect(energyWithin(facts, 1, 20 * hour)).toBe(2000);
  });

  it("lets no register run backwards or past its end", () => {
    const facts = {
      ...linear,
      readings: [
        { at: hour, register: 99_999 },
        { at: 2 * hour, register: 0 },
      ],
    };
    expect(energyWithin(facts, 0, hour)).toBe(10_000);
    expect(energyWithin(facts, hour, 10 * hour)).toBe(0);
    expect(energyWithin({ ...linear, meterStop: 0 }, 0, 10 * hour)).toBe(0);
  });

  it("counts nothing twice and loses nothing over adjoining windows", () => {
    const time = fc.integer({ min: -1000, max: 30_000 });
    const register = fc.integer({ min: 0, max: 1_000_000 }).map((milli) => milli / 1000);
    const facts = fc.record({
      startedAt: time,
      stoppedAt: fc.option(time),
      meterStart: fc.option(register),
      meterStop: register,
      readings: fc.array(fc.record({ at: time, register }), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(facts, fc.array(time, { maxLength: 8 }), (some, cuts) => {
        const one = { ...some, meterStop: some.stoppedAt === null ? null : some.meterStop };
        const borders = [-2000, ...cuts.sort((a, b) => a - b), 40_000];
        let tenths = 0;
        for (const [index, from] of borders.slice(0, -1).entries()) {
          const energy = energyWithin(one, from, borders[index + 1] ?? from);
          expect(energy).toBeGreaterThanOrEqual(0);
          tenths += Math.round(energy * 10);
        }
        const whole = energyWithin(one, -2000, 40_000);
        expect(tenths).toBe(Math.round(whole * 10));
        if (one.meterStart !== null && one.meterStop !== null) {
          expect(whole).toBeCloseTo(Math.max(0, one.meterStop - one.meterStart), 0);
        }
      }),
    );
  });
});
