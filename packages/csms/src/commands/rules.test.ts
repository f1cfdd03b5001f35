import { describe, expect, it } from "vitest";
import { checkCommand } from "./check.ts";

const period = { startPeriod: 0, limit: 16 };
const schedule = { chargingRateUnit: "A", chargingSchedulePeriod: [period, { startPeriod: 60, limit: 8 }] };
const kinds = { stackLevel: 0, chargingProfilePurpose: "TxProfile", chargingProfileKind: "Relative" };

/** A remote start of each version, with a charging profile that differs from a right one as said. */
const starts = [
  [
    "ocpp1.6",
    "RemoteStartTransaction",
    (more: object, periods: object = {}) => ({
      idTag: "TAG1",
      chargingProfile: { chargingProfileId: 1, ...kinds, chargingSchedule: { ...schedule, ...periods }, ...more },
    }),
    7,
  ],
  [
    "ocpp2.0.1",
    "RequestStartTransaction",
    (more: object, periods: object = {}) => ({
      remoteStartId: 1,
      idToken: { idToken: "TAG1", type: "ISO14443" },
      chargingProfile: { id: 1, ...kinds, chargingSchedule: [{ id: 1, ...schedule, ...periods }], ...more },
    }),
    "T1",
  ],
] as const;

describe.each(starts)("a remote start of %s", (version, action, payload, transactionId) => {
  const check = (more: object, periods?: object) => checkCommand(version, action, payload(more, periods));

  it("takes a TxProfile", () => {
    expect(check({})).toBeUndefined();
    expect(check({ chargingProfileKind: "Recurring", recurrencyKind: "Daily" })).toBeUndefined();
  });

  it("takes no profile of another purpose, and none of a transaction (F01.FR.09, F01.FR.11, F02.FR.17, F02.FR.19)", () => {
    expect(check({ chargingProfilePurpose: "TxDefaultProfile" })).toMatch(/is a TxProfile/);
    expect(check({ transactionId })).toMatch(/no transactionId/);
  });

  it("takes no schedule that starts late, and no recurrence of what does not recur", () => {
    expect(check({}, { chargingSchedulePeriod: [{ ...period, startPeriod: 1 }] })).toMatch(/starts at 0/);
    expect(check({ recurrencyKind: "Daily" })).toMatch(/Recurring/);
  });
});

describe("a charging profile that is set", () => {
  it.each([
    ["ocpp1.6", (profile: object) => ({ connectorId: 1, csChargingProfiles: { chargingProfileId: 1, ...profile } })],
    ["ocpp2.1", (profile: object) => ({ evseId: 1, chargingProfile: { id: 1, ...profile } })],
  ] as const)("keeps to the rules of schedules in %s, and may be of any purpose", (version, payload) => {
    const late = { ...schedule, chargingSchedulePeriod: [{ startPeriod: 5, limit: 8 }] };
    const wrap = (one: object) => (version === "ocpp1.6" ? one : [{ id: 1, ...one }]);
    const check = (one: object, more: object = {}) =>
      checkCommand(version, "SetChargingProfile", payload({ ...kinds, chargingSchedule: wrap(one), ...more }));
    expect(check(schedule)).toBeUndefined();
    expect(check(schedule, { chargingProfilePurpose: "TxDefaultProfile" })).toBeUndefined();
    expect(check(late)).toMatch(/starts at 0/);
    expect(check(schedule, { recurrencyKind: "Weekly" })).toMatch(/Recurring/);
  });
});

describe("SetVariables", () => {
  const threshold = { component: { name: "OCPPCommCtrlr" }, variable: { name: "OfflineThreshold" } };
  const check = (...setVariableData: object[]) =>
    checkCommand("ocpp2.0.1", "SetVariables", {
      setVariableData: setVariableData.map((one) => ({ attributeValue: "1", ...one })),
    });

  it("sets an attribute of a variable once, Actual where none is named (B05.FR.13)", () => {
    const again = /OCPPCommCtrlr\.OfflineThreshold is set twice/;
    expect(check(threshold, threshold)).toMatch(again);
    expect(check(threshold, { ...threshold, attributeType: "Actual" })).toMatch(again);
    expect(check({ ...threshold, component: { name: "ocppcommctrlr" } }, threshold)).toMatch(again);
  });

  it("tells attributes, instances and EVSEs apart", () => {
    expect(
      check(
        threshold,
        { ...threshold, attributeType: "Target" },
        { ...threshold, component: { name: "OCPPCommCtrlr", instance: "a" } },
        { ...threshold, component: { name: "OCPPCommCtrlr", evse: { id: 1 } } },
        { ...threshold, variable: { name: "OfflineThreshold", instance: "a" } },
      ),
    ).toBeUndefined();
  });
});
