import { describe, expect, it } from "vitest";
import { contradictsTransaction, isOfStation, losesReservation } from "./rules.ts";

describe("the status of a connector", () => {
  const statuses = [
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEV",
    "SuspendedEVSE",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
    "Occupied",
  ];

  it("hints at a lost end with Available and Faulted only", () => {
    expect(statuses.filter(contradictsTransaction)).toEqual(["Available", "Faulted"]);
  });

  it("ends reservations with Unavailable and Faulted only", () => {
    expect(statuses.filter(losesReservation)).toEqual(["Unavailable", "Faulted"]);
  });

  it("is the station's at 0", () => {
    expect([isOfStation(0), isOfStation(1)]).toEqual([true, false]);
  });
});
