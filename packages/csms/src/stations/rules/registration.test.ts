import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandRefusal, invitationOf, isLetThrough, registrationOf } from "./registration.ts";

describe("what a station may send", () => {
  it("lets a BootNotification through in any state, and nothing else of a Rejected station", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Accepted" as const, "Pending" as const, "Rejected" as const),
        fc.boolean(),
        fc.constantFrom("Heartbeat", "StatusNotification", "TransactionEvent"),
        fc.nat({ max: 2 }),
        (registration, booted, action, count) => {
          const state = { registration, booted, invited: new Map([[action, count]]) };
          expect(isLetThrough(state, "BootNotification")).toBe(true);
          expect(isLetThrough(state, action)).toBe(registration !== "Rejected" && (booted || count > 0));
        },
      ),
    );
  });

  it("knows what commands ask for", () => {
    expect(invitationOf("TriggerMessage", { requestedMessage: "Heartbeat" })).toEqual({
      action: "Heartbeat",
      count: 1,
    });
    expect(invitationOf("TriggerMessage", { requestedMessage: "MeterValues" })?.count).toBe(Infinity);
    expect(invitationOf("TriggerMessage", { requestedMessage: "MeterValues", evse: { id: 1 } })?.count).toBe(1);
    expect(invitationOf("ExtendedTriggerMessage", { requestedMessage: "SignChargePointCertificate" })).toEqual({
      action: "SignCertificate",
      count: 1,
    });
    expect(invitationOf("GetBaseReport", {})).toEqual({ action: "NotifyReport", count: Infinity });
    expect(invitationOf("GetLog", {})).toBeUndefined();
  });
});

describe("what a station gets as it stands", () => {
  it("is nothing while Rejected, and no start or stop while Pending", () => {
    expect(
      commandRefusal({ registration: "Rejected", booted: 1, certificate_expired: 0, protocol: "ocpp1.6" }, "Reset", {}),
    ).toContain("Rejected");
    expect(
      commandRefusal({ registration: "Pending", booted: 0, certificate_expired: 0, protocol: "ocpp1.6" }, "Reset", {}),
    ).toBeUndefined();
    expect(
      commandRefusal(
        { registration: "Pending", booted: 0, certificate_expired: 0, protocol: "ocpp1.6" },
        "RequestStopTransaction",
        {},
      ),
    ).toContain("Pending");
    const fresh = { registration: "Accepted", booted: 0, certificate_expired: 0, protocol: "ocpp1.6" } as const;
    expect(commandRefusal(fresh, "RemoteStartTransaction", {})).toBeUndefined();
    // With a certificate that has expired it is Pending, however it is registered (A00.FR.429).
    expect(commandRefusal({ ...fresh, certificate_expired: 1 }, "RemoteStartTransaction", {})).toContain("Pending");
  });

  it("is no question for a boot, once a station of 1.6 has booted and was accepted (1.6/errata/3.40)", () => {
    const booted = { registration: "Accepted", booted: 1, certificate_expired: 0, protocol: "ocpp1.6" } as const;
    const trigger = { requestedMessage: "BootNotification" };
    expect(commandRefusal(booted, "TriggerMessage", trigger)).toContain("BootNotification");
    expect(commandRefusal(booted, "ExtendedTriggerMessage", trigger)).toContain("BootNotification");
    expect(commandRefusal(booted, "TriggerMessage", { requestedMessage: "Heartbeat" })).toBeUndefined();
    expect(commandRefusal({ ...booted, booted: 0 }, "TriggerMessage", trigger)).toBeUndefined();
    expect(commandRefusal({ ...booted, protocol: "ocpp2.0.1" }, "TriggerMessage", trigger)).toBeUndefined();
  });
});

it("a station with a certificate that has expired is Pending, unless it is Rejected (A00.FR.429)", () => {
  expect(registrationOf({ registration: "Accepted", certificate_expired: 1 })).toBe("Pending");
  expect(registrationOf({ registration: "Rejected", certificate_expired: 1 })).toBe("Rejected");
  expect(registrationOf({ registration: "Accepted", certificate_expired: 0 })).toBe("Accepted");
});
