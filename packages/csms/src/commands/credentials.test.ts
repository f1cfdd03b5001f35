import { describe, expect, it } from "vitest";
import { commandRefusal } from "./admission.ts";
import { passwordFate, passwordIn, passwordLimitIn, securityProfileIn } from "./credentials.ts";

const entry = (name: string, value: string, type?: string): object => ({
  attributeValue: value,
  ...(type === undefined ? {} : { attributeType: type }),
  component: { name: "SecurityCtrlr" },
  variable: { name },
});

describe("passwords in commands", () => {
  it("are found however they travel", () => {
    expect(passwordIn("ChangeConfiguration", { key: "authorizationkey", value: "00" })).toBe("00");
    expect(passwordIn("ChangeConfiguration", { key: "HeartbeatInterval", value: "00" })).toBeUndefined();
    expect(passwordIn("SetVariables", { setVariableData: [entry("X", "1"), entry("BasicAuthPassword", "pw")] })).toBe(
      "pw",
    );
    expect(
      passwordIn("SetVariables", { setVariableData: [entry("BasicAuthPassword", "pw", "Target")] }),
    ).toBeUndefined();
    expect(passwordIn("SetNetworkProfile", { connectionData: { basicAuthPassword: "pw" } })).toBe("pw");
    expect(passwordIn("Reset", { type: "Soft" })).toBeUndefined();
  });

  it("are in force, not in force or open, by the answer", () => {
    expect(passwordFate("ChangeConfiguration", { status: "Accepted" })).toBe("accepted");
    expect(passwordFate("ChangeConfiguration", { status: "RebootRequired" })).toBe("open");
    expect(passwordFate("ChangeConfiguration", { status: "NotSupported" })).toBe("refused");
    const result = (attributeStatus: string): object => ({
      setVariableResult: [{ ...entry("BasicAuthPassword", ""), attributeStatus }],
    });
    expect(passwordFate("SetVariables", result("Accepted"))).toBe("accepted");
    expect(passwordFate("SetVariables", result("Rejected"))).toBe("refused");
    expect(passwordFate("SetVariables", { setVariableResult: [] })).toBe("refused");
    expect(passwordFate("SetNetworkProfile", { status: "Accepted" })).toBe("open");
  });

  it("security profiles as well", () => {
    expect(securityProfileIn("ChangeConfiguration", { key: "SecurityProfile", value: "2" })).toBe(2);
    expect(securityProfileIn("ChangeConfiguration", { key: "SecurityProfile", value: "x" })).toBeUndefined();
    expect(securityProfileIn("SetNetworkProfile", { connectionData: { securityProfile: 3 } })).toBe(3);
    expect(securityProfileIn("Reset", {})).toBeUndefined();
  });
});

describe("the limit of a password in a report", () => {
  const reported = (name: string, maxLimit?: number): object => ({
    component: { name: "SecurityCtrlr" },
    variable: { name },
    variableCharacteristics: { maxLimit },
  });

  it("is that of BasicAuthPassword, where there is one", () => {
    expect(
      passwordLimitIn({ reportData: [reported("BasicAuthPassword", 64), reported("Identity", 48)] } as object),
    ).toBe(64);
    expect(passwordLimitIn({ reportData: [reported("BasicAuthPassword")] } as object)).toBeUndefined();
    expect(passwordLimitIn({ reportData: [reported("BasicAuthPassword", 0)] } as object)).toBeUndefined();
    expect(passwordLimitIn({ reportData: [reported("BasicAuthPassword", 1e300)] } as object)).toBe(1_000_000);
    expect(passwordLimitIn({})).toBeUndefined();
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
